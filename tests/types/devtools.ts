// What an application may write with `calldock/devtools`, and what must not compile.

import { type Inspector, type InspectorEntry, mountInspector } from 'calldock/devtools'

export function inspected(into: Element): Inspector {
  const inspector = mountInspector({ into, frame: 'host', frames: { crm: 'CRM' }, empty: '…' })
  inspector.add({ name: 'order.opened', detail: { order: 7, customer: { level: 'gold' } } })
  const entry: InspectorEntry = { kind: 'message', name: 'crm.said', at: Date.now(), frame: 'crm' }
  inspector.add(entry)
  // A page may hand on what it may not have.
  inspector.add({ name: 'x', at: undefined, kind: undefined, detail: undefined, frame: undefined })
  const none = { into: undefined, collapsed: undefined, workbench: undefined, empty: undefined }
  mountInspector({ ...none, frame: undefined, frames: undefined }).close()
  for (const { at, kind, name, detail } of inspector.export().entries)
    console.log(at.length, kind === 'app', name, detail.order)
  // @ts-expect-error: no kind of an entry.
  inspector.add({ kind: 'other', name: 'x' })
  // @ts-expect-error: an entry has a name.
  inspector.add({ kind: 'app' })
  // @ts-expect-error: an element, not a selector.
  mountInspector({ into: '#here' })
  // @ts-expect-error: what was heard is read, not written.
  inspector.export().entries.push()
  inspector.clear()
  inspector.close()
  return inspector
}
