/**
 * For the tests of pages that use Calldock: a workbench that does what the test says, the frame around
 * a page, and the vendor's script. Nothing here uses the network.
 *
 * @packageDocumentation
 */

export { type FakeParent, type FakeParentOptions, fakeParent } from './testing/parent.js'
export {
  type FakeVendor,
  fakeVendorLogin,
  fakeVendorScript,
} from './testing/vendor.js'
export {
  type FakeCall,
  type FakeCommand,
  type FakeWorkbench,
  fakeWorkbench,
} from './testing/workbench.js'
