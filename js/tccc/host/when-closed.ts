import type { Workbench } from './workbench.js'

/**
 * Does something once a workbench is closed, before the page learns of it by `closed`; returns a function that
 * stops waiting, and does it then. Unlike reading `closed`, it takes no notice of why: a workbench that is lost is
 * reported as uncaught where the page itself does not look.
 */
export function whenClosed(workbench: Workbench, work: () => void): () => void {
  const events = workbench.events('ready')
  const wait = async () => {
    while (!(await events.next()).done);
    work()
  }
  wait()
  return () => events.return?.()
}
