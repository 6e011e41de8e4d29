// The parameters that CEC's agent workbench gives a page, for a compatibility report.

import { agent } from '../../core/roles/agent.js'
import { SUPPORT_EVENTS } from '../../generated/tables.js'
import {
  type ReadCall,
  type ScreenPopReport,
  type Seen,
  SeenParameters,
  seenIn,
  shapesOf,
} from '../../page/seen.js'
import { presentSupport } from './support.js'

/** What is kept for one page. */
interface Recorder {
  readonly parameters: SeenParameters
  readonly events: Map<string, Seen>
  /** The calls that were read already: a router may change the address around one. */
  readonly calls: Set<string>
}

const recorders = new WeakMap<Window, Recorder>()

/** Makes the report; the first one begins to record what AICCSupport.js reports. The core runs. */
export function screenPopReport(page: Window, query: string): ScreenPopReport {
  const recorder = recorders.get(page) ?? record(page)
  const { parameters, events, calls } = recorder
  const call = agent.call((core) => core.readQuery(query))
  const text = JSON.stringify(call)
  if (call && !calls.has(text)) {
    calls.add(text)
    parameters.add(call as ReadCall)
  }
  return { ...parameters.report('cec'), events: shapesOf(events) }
}

function record(page: Window): Recorder {
  const recorder: Recorder = {
    parameters: new SeenParameters(),
    events: new Map(),
    calls: new Set(),
  }
  recorders.set(page, recorder)
  const support = presentSupport(page)
  for (const event of SUPPORT_EVENTS)
    support?.addHandler(event, (data) => seenIn(recorder.events, event).add(data))
  return recorder
}
