// The option `dataset`.

import { invalid } from '../../core/errors.js'

/**
 * Refuses names that no data attribute may have, before a login is requested.
 *
 * @throws {CalldockError} `INVALID_OPTION`
 */
export function checkDataset(page: Window, dataset: unknown): void {
  try {
    Object.assign(page.document.createElement('script').dataset, dataset)
  } catch {
    throw invalid('options.dataset', 'names as dataset has them, such as clientId', dataset)
  }
}
