import type { Workbench } from './workbench.js'

/**
 * Resolves once a workbench is closed. Unlike reading `closed`, it takes no notice of why: a workbench that is
 * lost is reported as uncaught where the page itself does not look.
 */
export async function whenClosed(workbench: Workbench): Promise<void> {
  const events = workbench.events('ready')
  while (!(await events.next()).done);
}
