/**
 * For the tests of pages that use Calldock: the real workbench on a stand-in for the vendor, the frame around a
 * page, and the vendor's script. Nothing here uses the network.
 *
 * @packageDocumentation
 */

export { type FakeParent, type FakeParentOptions, fakeParent } from './testing/parent.js'
export {
  type FakeVendor,
  fakeVendorLogin,
  fakeVendorScript,
  type VendorCommand,
} from './testing/vendor.js'
export {
  type FakeCall,
  type FakeCommand,
  type FakeWorkbench,
  fakeWorkbench,
} from './testing/workbench.js'
