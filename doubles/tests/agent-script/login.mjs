// Signs in as a back end does, with the demo's credentials.

import { createHash, createHmac } from 'node:crypto'

const SECRET_ID = 'AKIDdemo-calldock-not-a-secret'
const SECRET_KEY = 'demo-calldock-not-a-secret'

const hmac = (key, text) => createHmac('sha256', key).update(text)
const sha256 = (text) => createHash('sha256').update(text).digest('hex')

/** A fresh login of the double at `base`; `options` are appended to its script's address. */
export async function login(base, options = {}) {
  const body = JSON.stringify({ SdkAppId: 1400000000, SeatUserId: 'agent@example.com' })
  const seconds = Math.floor(Date.now() / 1000)
  const date = new Date(seconds * 1000).toISOString().slice(0, 10)
  const scope = `${date}/ccc/tc3_request`
  const headers = `content-type:application/json\nhost:${new URL(base).host}\n`
  const canonical = `POST\n/\n\n${headers}\ncontent-type;host\n${sha256(body)}`
  const dated = hmac(`TC3${SECRET_KEY}`, date).digest()
  const key = hmac(hmac(dated, 'ccc').digest(), 'tc3_request').digest()
  const text = `TC3-HMAC-SHA256\n${seconds}\n${scope}\n${sha256(canonical)}`
  const credential = `Credential=${SECRET_ID}/${scope}, SignedHeaders=content-type;host`
  const response = await fetch(`${base}/`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-tc-action': 'CreateSDKLoginToken',
      'x-tc-version': '2020-02-10',
      'x-tc-timestamp': String(seconds),
      authorization: `TC3-HMAC-SHA256 ${credential}, Signature=${hmac(key, text).digest('hex')}`,
    },
    body,
  })
  const { Token, SdkURL } = (await response.json()).Response
  const query = new URLSearchParams(options)
  return {
    token: Token,
    sdkAppId: '1400000000',
    userid: 'agent@example.com',
    url: `${SdkURL}&${query}`,
  }
}
