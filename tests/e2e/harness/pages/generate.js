// Makes messages by a seeded generator: each is a good one with one or more faults, so that none is a call.

;(() => {
  /** @param {number} seed */
  function numbers(seed) {
    let state = seed >>> 0
    return () => {
      state = (state + 0x6d2b79f5) >>> 0
      let t = Math.imul(state ^ (state >>> 15), 1 | state)
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
      return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
    }
  }

  /** What is no telephone number, of every type that can be posted. */
  const NO_NUMBERS = [
    () => undefined,
    () => null,
    () => 13812345678,
    () => 13812345678n,
    () => true,
    () => '',
    () => ' ',
    () => 'call me',
    () => '138; drop table',
    () => '<img src=x onerror=alert(1)>',
    () => 'javascript:alert(1)',
    () => '1'.repeat(100_000),
    () => '\ud800',
    () => '1381234567\u0000',
    () => ['13812345678'],
    () => ({ toString: '13812345678' }),
    () => new Date(0),
    () => new Map([['phoneNumber', '13812345678']]),
    () => new Set(['13812345678']),
    () => new Blob(['13812345678']),
    () => new ArrayBuffer(8),
    () => /13812345678/,
    () => new Error('13812345678'),
    () => new Boolean(true),
    () => {
      /** @type {any} */
      const cycle = {}
      cycle.cycle = cycle
      return cycle
    },
    () => JSON.parse('{"__proto__": {"phoneNumber": "13812345678"}}'),
  ]

  /** @param {number} seed @returns {() => unknown} */
  window.damagedMessages = (seed) => {
    const random = numbers(seed)
    /** @template T @param {readonly T[]} list @returns {T} */
    const pick = (list) => /** @type {T} */ (list[Math.floor(random() * list.length)])
    const anything = () => pick(NO_NUMBERS)()
    const envelopes = [
      () => ({
        source: 'ccc-sdk',
        payload: { event: 'callOut', message: { phoneNumber: anything() } },
      }),
      () => ({ source: 'ccc-sdk', payload: { event: 'callOut', message: anything() } }),
      () => ({
        source: 'ccc-sdk',
        payload: { event: anything(), message: { phoneNumber: '13812345678' } },
      }),
      () => ({ source: 'ccc-sdk', payload: anything() }),
      () => ({
        source: anything(),
        payload: { event: 'callOut', message: { phoneNumber: '13812345678' } },
      }),
      () => ({
        source: 'ccc-sdk',
        payload: { event: 'callOut', message: { phonenumber: '13812345678' } },
      }),
      () => ({
        source: 'ccc-sdk',
        payload: { event: 'CALLOUT', message: { phoneNumber: '13812345678' } },
      }),
      () => ({
        source: 'ccc-sdk',
        payload: [{ event: 'callOut', message: { phoneNumber: '13812345678' } }],
      }),
      () =>
        JSON.parse(
          '{"source": "ccc-sdk", "payload": {"__proto__": {"event": "callOut", "message": {"phoneNumber": "13812345678"}}}}',
        ),
      () =>
        JSON.stringify({
          source: 'ccc-sdk',
          payload: { event: 'callOut', message: { phoneNumber: '13812345678' } },
        }),
      () => ({ calldock: anything(), source: 'ccc-sdk', payload: anything() }),
      () => ({ calldock: anything(), proof: anything() }),
      () => ({
        type: 'ask',
        id: anything(),
        payload: { event: 'callOut', message: { phoneNumber: '13812345678' } },
      }),
      anything,
    ]
    return () => pick(envelopes)()
  }
})()
