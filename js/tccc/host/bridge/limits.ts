/** Allows a number of messages a minute for each key. */
export function perMinute(most: number): (key: string) => boolean {
  const recent = new Map<string, number[]>()
  return (key) => {
    const now = performance.now()
    const times = recent.get(key) ?? []
    // The oldest come first: a message costs the same, however many are allowed.
    while (now - (times[0] ?? now) >= 60_000) times.shift()
    const free = times.length < most
    if (free) times.push(now)
    recent.set(key, times)
    return free
  }
}
