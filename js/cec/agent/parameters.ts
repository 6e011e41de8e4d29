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
  /** What was read already: the address of a page does not change. */
  readonly queries: Set<string>
}

const recorders = new WeakMap<Window, Recorder>()

/** Makes the report; the first one begins to record what AICCSupport.js reports. The core runs. */
export function screenPopReport(page: Window, query: string): ScreenPopReport {
  const recorder = recorders.get(page) ?? record(page)
  const { parameters, events, queries } = recorder
  if (!queries.has(query)) {
    queries.add(query)
    const call = agent.call((core) => core.readQuery(query))
    if (call) parameters.add(call as ReadCall)
  }
  return { ...parameters.report('cec'), events: shapesOf(events) }
}

function record(page: Window): Recorder {
  const recorder: Recorder = {
    parameters: new SeenParameters(),
    events: new Map(),
    queries: new Set(),
  }
  recorders.set(page, recorder)
  const support = presentSupport(page)
  for (const event of SUPPORT_EVENTS)
    support?.addHandler(event, (data) => seenIn(recorder.events, event).add(data))
  return recorder
}
