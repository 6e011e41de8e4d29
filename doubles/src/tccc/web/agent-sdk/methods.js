// The global's surface, spelled as the vendor spells it (docs/vendor/tccc.md §1, Methods).

const EVENTS = [
  'ready',
  'tokenExpired',
  'callIn',
  'userAccessed',
  'autoTransfer',
  'sessionEnded',
  'sessionCompleted',
  'callOuted',
  'calloutAccepted',
  'transfer',
  'statusChanged',
]

const REMOTE = {
  Call: [
    'startOutboundCall',
    'startInternalCall',
    'accept',
    'hungUp',
    'end',
    'kick',
    'deleteCall',
    'muteMic',
    'unmuteMic',
    'hold',
    'unHold',
    'transfer',
    'sendDigits',
  ],
  Chat: ['accept', 'end', 'transfer', 'sendCardMessage', 'sendOrderMessage'],
  Video: ['accept', 'end', 'transfer', 'muteMic', 'unmuteMic', 'muteVideo', 'unmuteVideo'],
  Agent: ['online', 'offline', 'setStatus'],
}

const BUTTONS = [
  'transferSeat',
  'transferSkillGroup',
  'holdToggle',
  'forwardOut',
  'showKeyboard',
  'selfService',
]

/** Listeners by event; a payload goes out flat, or nested as the 2024 guide has it. */
export function createEmitter(envelope) {
  const listeners = new Map(EVENTS.map((name) => [name, new Set()]))
  const of = (name) => {
    if (!listeners.has(name)) {
      listeners.set(name, new Set())
    }
    return listeners.get(name)
  }
  return {
    on(name, listener) {
      if (typeof listener !== 'function') {
        throw new TypeError('TCCC: on(event, listener): the listener is not a function')
      }
      of(name).add(listener)
    },
    off(name, listener) {
      of(name).delete(listener)
    },
    emit(name, payload) {
      const wrapped = payload && envelope === 'nested' ? { data: payload } : payload
      for (const listener of [...of(name)]) {
        try {
          listener(wrapped && structuredClone(wrapped))
        } catch (error) {
          reportError(error)
        }
      }
    },
  }
}

/**
 * The vendor's global. `phone` holds what is known: `ready`, `status`, `view`, `invoke`.
 * What needs the login throws before `ready`, as the vendor warns. `missing` names methods and events
 * that a tenant's script was seen to lack.
 */
export function createGlobal(emitter, phone, missing = []) {
  const whenReady = (act) => (options) => {
    if (!phone.ready) {
      throw new Error('TCCC: the SDK is not ready: wait for its ready event')
    }
    return act(options)
  }
  const api = {
    events: Object.freeze(
      Object.fromEntries(
        EVENTS.filter((name) => !missing.includes(name)).map((name) => [name, name]),
      ),
    ),
    on: (name, listener) => emitter.on(name, listener),
    off: (name, listener) => emitter.off(name, listener),
    Admin: {
      getSkillGroups: whenReady(async () => (await phone.invoke('Admin.getSkillGroups')).data),
    },
    Devices: {
      isBrowserSupported: whenReady(() => typeof RTCPeerConnection === 'function'),
      getMicrophones: whenReady(() => devices('audioinput')),
      getSpeakers: whenReady(() => devices('audiooutput')),
    },
    UI: createUi(phone),
    /** Tells whether the browser can run the SDK; needs no login. */
    isEnvSupported: () => typeof RTCPeerConnection === 'function',
    /** `override` gets one config whose `active` is the list of buttons, and returns the list to keep. */
    overrideButtonConfig: whenReady((override) => {
      const { active } = override({
        active: BUTTONS.map((type) => ({ type, name: `tccc.${type}` })),
      })
      if (!Array.isArray(active)) {
        throw new TypeError('TCCC: overrideButtonConfig: active is not iterable')
      }
      const kept = active.map(({ type }) => type)
      phone.view.hideButtons(BUTTONS.filter((type) => !kept.includes(type)))
    }),
  }
  for (const [family, names] of Object.entries(REMOTE)) {
    api[family] = Object.fromEntries(
      names.map((name) => [
        name,
        whenReady((options) => phone.invoke(`${family}.${name}`, options)),
      ]),
    )
  }
  api.Agent.getStatus = whenReady(() => phone.status)
  api.Call.isMicMuted = whenReady(async (options) => {
    const answer = await phone.invoke('Call.isMicMuted', options)
    return answer.status === 'success' ? answer.data : answer
  })
  api.Call.deleteCall = whenReady(async (options) => {
    const answer = await phone.invoke('Call.deleteCall', options)
    phone.view.removeCall(options.sessionId)
    return answer
  })
  for (const name of missing) {
    const [family, method] = name.split('.')
    if (method) {
      delete api[family]?.[method]
    } else if (name in api && typeof api[name] === 'function') {
      delete api[name]
    }
  }
  return api
}

// Integrators hide the button between the script's load and ready, or it flashes: the interface is there
// before the login is.
function createUi(phone) {
  return {
    show: () => phone.host.removeAttribute('hidden'),
    hide: () => phone.host.setAttribute('hidden', ''),
    showWorkbench: () => phone.view.setOpen(true),
    hideWorkbench: () => phone.hideWorkbench(),
    showfloatButton: () => phone.view.showFloat(true),
    hidefloatButton: () => phone.view.showFloat(false),
    mount: (target) => {
      const node = typeof target === 'string' ? document.getElementById(target) : target
      node.append(phone.host)
      phone.host.dataset.placement = 'inline'
    },
  }
}

async function devices(kind) {
  // Without HTTPS or localhost there is no mediaDevices.
  const all = (await navigator.mediaDevices?.enumerateDevices()) ?? []
  return all.filter((device) => device.kind === kind)
}
