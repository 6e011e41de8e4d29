// Visitors of the demo's tenant, and their credentials: written from the guide and the vendor's
// description alone, so that it agrees with the server by both being right.

import { createHmac } from 'node:crypto'

export const TENANT = '202007159031'
export const CHANNEL = '817854979183314945'
/** The demo's made-up key; it opens nothing. */
export const SECRET_KEY = 'AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfG'

export const LOGIN = {
  token: '/calldock/v1/cec/login/token',
  authorization: '/calldock/v1/cec/login/authorization',
}

/** @param {string | Buffer} key @param {string} message */
const hmac = (key, message) => createHmac('sha256', key).update(message).digest('hex')

/** Every byte but the unreserved ones, percent-encoded. @param {string} text */
const normalize = (text) =>
  [...Buffer.from(text)]
    .map((byte) => {
      const sign = String.fromCharCode(byte)
      const code = byte.toString(16).toUpperCase().padStart(2, '0')
      return /[\w.~-]/.test(sign) ? sign : `%${code}`
    })
    .join('')

/**
 * The login of a visitor, as a server gives it. `key` signs for another tenant's key.
 * @param {string} thirdUserName @param {string} thirdUserId
 * @returns {import('calldock/cec').CecLogin}
 */
export function signed(thirdUserName, thirdUserId, key = SECRET_KEY) {
  const four = { thirdUserName, thirdUserId, tenantSpaceId: TENANT, channelConfigId: CHANNEL }
  const payload = JSON.stringify(four)
  const names = 'content-length;content-type'
  const headers = `content-length:${Buffer.byteLength(payload)}\ncontent-type:${normalize('application/json;charset=UTF-8')}`
  const uri = '/service-cloud/webclient/chat_client/js/newThirdPartyClient.js'
  const prefix = `auth-v2/${CHANNEL}/${new Date().toISOString()}/${names}`
  const request = ['POST', uri, names, headers, normalize(payload)].join('\n')
  const authorization = `${prefix}/${hmac(hmac(key, prefix), request)}`
  return { mode: 'authorization', authorization, ...four }
}
