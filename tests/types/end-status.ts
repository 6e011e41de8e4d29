import { END_STATUSES, endStatus } from 'calldock/end-status'

export function meaning(code: number): string {
  // @ts-expect-error: the vendor may add one.
  console.log(endStatus(code).name)
  // @ts-expect-error: read, not written.
  END_STATUSES[0].zh = ''
  return endStatus(code)?.zh ?? endStatus('clientError')?.en ?? ''
}
