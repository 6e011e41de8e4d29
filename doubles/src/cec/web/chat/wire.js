// What the chat says to the web channel's REST, which knows the visitor by his cookie.

const REST = '/rest/webadapter/v1/webadapterfacade/'
const JSON_TYPE = 'application/json; charset=UTF-8'

const parsed = (text) => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Three ways to the same: `(method, url, body)` settles with `{status, body}`, 0: no answer. */
const TRANSPORTS = {
  nothing: () => async (method, url, body) => {
    try {
      const response = await fetch(url, {
        method,
        body,
        credentials: 'include',
        headers: { 'content-type': JSON_TYPE },
      })
      return { status: response.status, body: parsed(await response.text()) }
    } catch {
      return { status: 0, body: null }
    }
  },
  jquery: () => {
    const { ajax } = $
    return (type, url, data) =>
      new Promise((done) => {
        const complete = ({ status, responseText }) => done({ status, body: parsed(responseText) })
        const options = { url, type, data, contentType: JSON_TYPE, dataType: 'text', complete }
        ajax({ ...options, xhrFields: { withCredentials: true } })
      })
  },
  axios: () => {
    const request = axios
    return async (method, url, data) => {
      const headers = { 'content-type': JSON_TYPE }
      const text = (response) => response
      const options = { withCredentials: true, validateStatus: () => true, transformResponse: text }
      try {
        const response = await request({ method, url, data, headers, ...options })
        return { status: response.status, body: parsed(response.data) }
      } catch {
        return { status: 0, body: null }
      }
    }
  },
}

/** The REST under `base`. `wants` is the library that the script insists on, or `nothing`. */
export function createWire(base, wants) {
  const ask = TRANSPORTS[wants]()
  const get = (name) => ask('GET', base + REST + name)
  const post = (name, body) => ask('POST', base + REST + name, JSON.stringify(body))
  return {
    config: () => get('queryChannelConfigByChannelAndId'),
    receive: () => get('getMessageForWebChannel'),
    call: (mediaAbility) => post('createClickToCall', { mediaAbility }),
    send: (controlType, content = '') =>
      post('sendMessageForWebChannel', {
        controlType,
        mediaType: 'TEXT',
        content,
        userAgent: navigator.userAgent,
      }),
  }
}
