// Calldock's routes in a Node.js backend: Express and node:crypto.
//
//   TCCC_SECRET_ID=… TCCC_SECRET_KEY=… TCCC_SDK_APP_ID=… node server.mjs
//
// Every setting is in docs/en/guides/own-backend.md. Read from top to bottom: what you replace is findPerson(), which
// says who is asking; the rest is what a page, TCCC and CEC expect, and can be copied into your own app.

import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import express from 'express'

/** @typedef {{ id: string, name: string, agentMail: string }} Person who is asking */

/**
 * REPLACE THIS by your own sessions: express-session, Passport, your single sign-on. It must answer from
 * the request's own credentials, never from its body.
 *
 * As it stands it knows one session, whose secret is the variable DEMO_SESSION; without it no user is
 * signed in.
 * @param {express.Request} request
 * @returns {Person | undefined}
 */
function findPerson(request) {
  const secret = process.env.DEMO_SESSION
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim())
  const value = pairs.find((pair) => pair.startsWith('session='))?.slice('session='.length)
  if (!secret || !value || !timingSafeEqual(sha256(secret), sha256(value))) return undefined
  return { id: '10010001', name: 'Tom', agentMail: 'agent@example.com' }
}

// ------------------------------------------------------------------------------------- settings

/** From the environment only, so that no secret is in a file of the project or in an argument. */
const wrong = []
const or = (name, otherwise) => process.env[name]?.trim() || otherwise
const must = (name) => {
  const value = or(name, '')
  if (!value) wrong.push(`${name}: expected a value, found none`)
  return value
}

const [host, port] = or('LISTEN', '127.0.0.1:8080').split(/:(?=\d+$)/)
const allowedOrigins = or('ALLOWED_ORIGINS', '')
  .split(',')
  .map((origin) => origin.trim())
  .filter(Boolean)
const tccc = or('TCCC_SECRET_ID', '') && {
  endpoint: new URL(or('TCCC_ENDPOINT', 'https://ccc.tencentcloudapi.com/')),
  region: or('TCCC_REGION', ''),
  secretId: or('TCCC_SECRET_ID', ''),
  secretKey: must('TCCC_SECRET_KEY'),
  token: or('TCCC_TOKEN', ''), // only with temporary credentials
  sdkAppId: Number(must('TCCC_SDK_APP_ID')),
}
const chat = { webAppId: or('CHAT_WEB_APP_ID', ''), peerSource: or('CHAT_PEER_SOURCE', 'Web') }
const mode = or('CEC_MODE', '') // token, authorization, or nothing
const cec = mode && {
  tenant: must('CEC_TENANT_SPACE_ID'),
  channel: must('CEC_CHANNEL_CONFIG_ID'),
  accessKey: or('CEC_ACCESS_KEY', or('CEC_CHANNEL_CONFIG_ID', '')),
  secretKey: mode === 'authorization' ? must('CEC_SECRET_KEY') : '',
}
if (tccc && !Number.isSafeInteger(tccc.sdkAppId)) wrong.push('TCCC_SDK_APP_ID: expected a number')
if (tccc && tccc.endpoint.protocol !== 'https:' && tccc.endpoint.hostname !== '127.0.0.1')
  wrong.push('TCCC_ENDPOINT: expected an https: address')
if (!['', 'token', 'authorization'].includes(mode))
  wrong.push('CEC_MODE: expected token or authorization')
if (wrong.length > 0) {
  console.error(`settings:\n  ${wrong.join('\n  ')}`)
  process.exit(2)
}

// ------------------------------------------------------------------------------------- failures

/** A failure as the page reads it. The texts hold no secret and nothing a vendor wrote freely. */
class Refusal extends Error {
  /** @param {number} status @param {string} code one of docs/en/reference/errors.md */
  constructor(status, code, detail, remedy, retryAfter) {
    super(detail)
    Object.assign(this, { status, code, remedy, retryAfter })
  }
}

/** The last handler: puts every failure into words (RFC 9457), those of Express too. */
function speak(error, _request, response, _next) {
  let refusal = error
  if (!(error instanceof Refusal)) {
    const known = {
      400: ['The request is not of a form this server takes.', 'Send it without a body.'],
      413: ['The body: expected a short one, found more.', 'Send the request without a body.'],
    }[error.status]
    // Its own text may hold what was sent: it is neither answered nor logged.
    if (!known) console.error(`calldock: ${error.name}`)
    refusal = known
      ? new Refusal(error.status, 'INVALID_OPTION', ...known)
      : new Refusal(500, 'INTERNAL', 'The server could not finish the request.', 'Try again.')
  }
  const { status, code, message: detail, remedy, retryAfter } = refusal
  if (retryAfter !== undefined) response.set('Retry-After', String(retryAfter))
  const problem = { type: 'about:blank', title: STATUS_CODES[status], status, detail, code, remedy }
  response.status(status).type('application/problem+json').send(JSON.stringify(problem))
}

// ----------------------------------------------------------------- middleware of the pages' routes

/** What every route that a page calls checks first. */
function checkPage(request, response, next) {
  response.vary('Origin').vary('Sec-Fetch-Site')
  const { origin } = request.headers
  const listed = origin !== undefined && allowedOrigins.includes(origin)
  if (!listed && !isOwnPage(request))
    throw new Refusal(
      403,
      'ORIGIN_REFUSED',
      "The page's origin is neither this server's own nor a listed one.",
      'Call this server from a page of its own origin, or list the origin in ALLOWED_ORIGINS.',
    )
  if (listed) {
    response.set('Access-Control-Allow-Origin', origin)
    response.set('Access-Control-Allow-Credentials', 'true')
    if (request.method === 'OPTIONS') {
      response.set('Access-Control-Allow-Methods', 'POST')
      response.set('Access-Control-Allow-Headers', 'content-type')
      return void response.status(204).end()
    }
  }
  onlyPost(request, response)
  // A form of another site can post text or form data without being asked, but no JSON.
  const { 'content-length': length = '0', 'transfer-encoding': chunked } = request.headers
  if ((length !== '0' || chunked) && !request.is('application/json'))
    throw new Refusal(
      415,
      'INVALID_OPTION',
      'The body: expected none, or application/json, found another type.',
      'Send the request without a body.',
    )
  next()
}

function isOwnPage({ headers, headersDistinct }) {
  // A header that came twice is somebody's who wants another one to be read.
  const twice = ['host', 'origin', 'sec-fetch-site'].some((name) => headersDistinct[name]?.[1])
  if (twice) return false
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  // Old browsers, and pages over plain HTTP, say only the origin; programs say neither.
  const { origin, host } = headers
  return origin === undefined || origin === `https://${host}` || origin === `http://${host}`
}

function onlyPost(request, response) {
  if (request.method === 'POST') return
  response.set('Allow', 'POST')
  throw new Refusal(405, 'INVALID_OPTION', 'This route takes POST only.', 'Call it by POST.')
}

function person(request) {
  const found = findPerson(request)
  if (!found)
    throw new Refusal(
      401,
      'LOGIN_FAILED',
      'Nobody is signed in.',
      'Sign in to the site, then retry.',
    )
  return found
}

// ---------------------------------------------------------------------------------- TCCC: logins

/** POST /calldock/v1/tccc/login → docs/schemas/tccc-login.json */
async function workbench(request, response) {
  const { agentMail: userId } = person(request)
  const { sdkAppId } = tccc
  const told = await cloud('CreateSDKLoginToken', { SdkAppId: sdkAppId, SeatUserId: userId })
  const [token, sdkUrl] = [text(told, 'Token'), text(told, 'SdkURL')]
  response.json({ token, sdkUrl, sdkAppId, userId, expiresAt: told.ExpiredTime })
}

const CHAT_SECONDS = 3600 // the vendor's maximum

/** POST /calldock/v1/tccc/chat → docs/schemas/tccc-chat.json */
async function openChat(request, response) {
  const { id: uid, name: nickName } = person(request)
  // Signed and handed out letter by letter.
  const clientData = JSON.stringify({ peerSource: chat.peerSource, nickName, uid })
  const expiresAt = Math.floor(Date.now() / 1000) + CHAT_SECONDS
  const told = await cloud('CreateUserSig', {
    SdkAppId: tccc.sdkAppId,
    Uid: uid,
    ClientData: clientData,
    ExpiredTime: CHAT_SECONDS,
  })
  const userSig = text(told, 'UserSig')
  response.json({ webAppId: chat.webAppId, clientData, userSig, expiresAt })
}

// ------------------------------------------------------------ TCCC: the cloud API, TC3-HMAC-SHA256

/** One signed call; a login must never be asked for twice behind the caller's back. */
async function cloud(action, asked) {
  const body = JSON.stringify(asked)
  const timestamp = Math.floor(Date.now() / 1000)
  const headers = {
    'Content-Type': 'application/json',
    Authorization: tc3(timestamp, tccc.endpoint.host, body), // fetch sends this Host
    'X-TC-Action': action,
    'X-TC-Version': '2020-02-10',
    'X-TC-Timestamp': String(timestamp),
    ...(tccc.region && { 'X-TC-Region': tccc.region }),
    ...(tccc.token && { 'X-TC-Token': tccc.token }),
  }
  const remedy = 'Try again; check the way to TCCC_ENDPOINT.'
  const signal = AbortSignal.timeout(8000)
  const told = await fetch(tccc.endpoint, {
    method: 'POST',
    headers,
    body,
    signal,
    redirect: 'error',
  })
    .then((answer) => answer.text())
    .catch((cause) => {
      if (cause.name === 'TimeoutError')
        throw new Refusal(504, 'TIMEOUT', "The vendor's cloud API did not answer in time.", remedy)
      throw new Refusal(502, 'NETWORK', "The vendor's cloud API could not be reached.", remedy)
    })
  // The HTTP status says nothing: errors come in the envelope, with 200.
  const response = parsed(told)?.Response
  if (typeof response !== 'object' || response === null)
    throw new Refusal(
      502,
      'LOGIN_FAILED',
      "The vendor's cloud API: expected its JSON envelope, found something else.",
      "Check that TCCC_ENDPOINT is the vendor's cloud API, with no proxy's page in its place.",
    )
  if (response.Error) throw rejected(word(response.Error.Code), word(response.RequestId))
  return response
}

function rejected(code, requestId) {
  const detail = `The vendor answered ${code} (RequestId ${requestId}).`
  const [status, remedy, retryAfter] = {
    RequestLimitExceeded: [503, 'Try again in a second; the vendor takes 20 requests a second.', 1],
    'AuthFailure.SignatureExpire': [
      502,
      "Set this machine's clock; it is off by more than 5 minutes.",
    ],
    'InvalidParameterValue.AccountNotExist': [
      403,
      'Add the agent to the contact centre with the same mail address.',
    ],
  }[code] ?? [502, "Look the vendor's code up in its documentation, or ask its support."]
  return new Refusal(status, 'VENDOR_REJECTED', detail, remedy, retryAfter)
}

/** The Authorization header over `POST /` with the headers content-type and host. */
function tc3(timestamp, hostHeader, body) {
  const day = new Date(timestamp * 1000).toISOString().slice(0, 10) // UTC, not local
  const signed = 'content-type;host'
  const lines = ['POST', '/', '', 'content-type:application/json', `host:${hostHeader}`, '', signed]
  const canonicalRequest = [...lines, sha256(body).toString('hex')].join('\n')
  const scope = `${day}/ccc/tc3_request`
  const hash = sha256(canonicalRequest).toString('hex')
  const stringToSign = ['TC3-HMAC-SHA256', timestamp, scope, hash].join('\n')
  const key = [day, 'ccc', 'tc3_request'].reduce(hmac, `TC3${tccc.secretKey}`)
  const signature = hmac(key, stringToSign).toString('hex')
  const credential = `${tccc.secretId}/${scope}`
  return `TC3-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signed}, Signature=${signature}`
}

// ----------------------------------------------------------------------------------- CEC: logins

/** POST /calldock/v1/cec/login → docs/schemas/cec-login.json */
function openCec(request, response) {
  const { id, name } = person(request)
  const four = {
    // In the guide's order: it is signed so.
    thirdUserName: name,
    thirdUserId: id,
    tenantSpaceId: cec.tenant,
    channelConfigId: cec.channel,
  }
  const credential =
    mode === 'token'
      ? { token: mint(id, name, cec.tenant) }
      : { authorization: authV2(JSON.stringify(four)) }
  response.json({ mode, ...credential, ...four })
}

/** The authorization over the payload, of which every letter counts: no spaces, the guide's order. */
function authV2(payload) {
  const signedHeaders = 'content-length;content-type'
  const prefix = `auth-v2/${cec.accessKey}/${new Date().toISOString()}/${signedHeaders}`
  const canonicalRequest = [
    'POST',
    '/service-cloud/webclient/chat_client/js/newThirdPartyClient.js',
    signedHeaders,
    `content-length:${Buffer.byteLength(payload)}`,
    `content-type:${percent('application/json;charset=UTF-8')}`,
    percent(payload),
  ].join('\n')
  // The second key is the first result's 64 hexadecimal characters, not its 32 bytes.
  const signingKey = hmac(cec.secretKey, prefix).toString('hex')
  return `${prefix}/${hmac(signingKey, canonicalRequest).toString('hex')}`
}

/** Every byte of UTF-8 but A-Z a-z 0-9 - . _ ~ (encodeURIComponent leaves five more). */
function percent(words) {
  const hex = (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`
  return encodeURIComponent(words).replace(/[!'()*]/g, hex)
}

/**
 * Token mode: what a token stands for, by the token's hash. One process knows them; with several
 * instances keep them in a store they share, and take them out by one atomic step (Redis: GETDEL).
 * @type {Map<string, { boundTo: Buffer, end: number }>}
 */
const living = new Map()
const LIFETIME_MS = 120_000
const CAPACITY = 100_000

function mint(userId, userName, tenant) {
  // A map keeps its order, and all tokens live equally long: the first is the first to end.
  for (const [hash, { end }] of living) {
    if (end > Date.now()) break
    living.delete(hash)
  }
  if (living.size >= CAPACITY)
    throw new Refusal(
      503,
      'LOGIN_FAILED',
      "Too many visitors' tokens wait to be used.",
      'Try again in a few seconds.',
      5,
    )
  const token = randomBytes(32).toString('base64url')
  const boundTo = binding(userId, userName, tenant)
  living.set(sha256(token).toString('hex'), { boundTo, end: Date.now() + LIFETIME_MS })
  return token
}

/** Whether it is a living token of this very visitor; whatever the answer, it is used up. */
function spend({ Token, userId, userName, tenantSpaceId }) {
  const texts = [Token, userId, userName, tenantSpaceId].every((part) => typeof part === 'string')
  if (!texts) return false
  const hash = sha256(Token).toString('hex')
  const entry = living.get(hash)
  living.delete(hash)
  if (!entry) return false
  const same = timingSafeEqual(entry.boundTo, binding(userId, userName, tenantSpaceId))
  return same && Date.now() < entry.end
}

/** A hash of all that a token is bound to. */
const binding = (...parts) => sha256(JSON.stringify(parts))

/**
 * POST /rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate, which CEC calls: 200 for every verdict,
 * one text for every no. Let only CEC's addresses reach it (a firewall, or mutual TLS).
 */
function validate(request, response) {
  onlyPost(request, response)
  const valid = spend(parsed(request.body) ?? {})
  response.json({
    retCode: valid ? 0 : 1,
    message: valid ? 'validate success' : 'validate failed',
  })
}

// -------------------------------------------------------------------------------------- the rest

/** A member of the vendor's answer. */
function text(told, name) {
  if (typeof told[name] === 'string' && told[name].trim()) return told[name]
  const remedy = "Check that TCCC_ENDPOINT is the vendor's cloud API."
  throw new Refusal(502, 'LOGIN_FAILED', `The vendor's answer has no ${name}.`, remedy)
}

/** A short word of the vendor's that may be repeated. */
const word = (value) => (/^[\w.-]{1,80}$/.test(value) ? value : 'an unknown word')

function parsed(words) {
  try {
    return JSON.parse(words)
  } catch {
    return undefined
  }
}

function sha256(words) {
  return createHash('sha256').update(words).digest()
}

function hmac(key, message) {
  return createHmac('sha256', key).update(message).digest()
}

const app = express()
app.disable('x-powered-by').disable('etag')
app.use((_request, response, next) => {
  response.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' })
  next()
})
/** A route that a page calls: its body is read to the end, and never looked at. */
const page = (path, login) =>
  app.all(path, checkPage, express.raw({ limit: '4kb', type: () => true }), login)
if (tccc) page('/calldock/v1/tccc/login', workbench)
if (tccc && chat.webAppId) page('/calldock/v1/tccc/chat', openChat)
if (cec) page('/calldock/v1/cec/login', openCec)
if (mode === 'token')
  app.all(
    '/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate',
    express.text({ limit: '4kb', type: () => true, defaultCharset: 'utf-8' }),
    validate,
  )
app.use(() => {
  const remedy = 'Check the address against the documentation.'
  throw new Refusal(404, 'INVALID_OPTION', 'There is nothing at this path.', remedy)
})
app.use(speak)

const server = app.listen(Number(port), host, (failure) => {
  if (failure) throw failure
  console.log(`listening on http://${host}:${server.address().port}`)
})
server.requestTimeout = 10_000 // slow clients
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close())
