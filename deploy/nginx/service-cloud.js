// Response headers by deny-list, cookies by name: the same rules as calldock-edge's.
// For nginx's njs; see service-cloud-njs.conf.

// Cookies of CEC. Add others here and in service-cloud-http.conf.
const COOKIES = ['ccmessaging-token', 'HWWAFSESID', 'HWWAFSESTIME']

const NAMES = [
  'accept-ch', 'activate-storage-access', 'alt-svc', 'attribution-reporting-register-source',
  'attribution-reporting-register-trigger', 'authentication-info', 'cache-tag', 'clear-site-data',
  'cloudflare-cdn-cache-control', 'critical-ch', 'expect-ct', 'nel', 'observe-browsing-topics',
  'origin-agent-cluster', 'p3p', 'public-key-pins', 'public-key-pins-report-only', 'refresh', 'report-to',
  'sec-session-challenge', 'sec-session-registration', 'secure-session-challenge',
  'secure-session-registration', 'service-worker-allowed', 'set-cookie2', 'set-login',
  'shared-storage-write', 'strict-transport-security', 'timing-allow-origin', 'use-as-dictionary',
  'www-authenticate', 'x-cache-tags', 'x-location', 'x-permitted-cross-domain-policies', 'x-send-file',
  'x-uwsgi-sendfile', 'xkey',
]

const PREFIXES = [
  'access-control-', 'cdn-', 'edge-', 'surrogate-', 'x-accel-', 'x-envoy-', 'x-lighttpd-', 'x-litespeed-',
  'x-middleware-', 'x-reproxy-', 'x-sendfile',
]

function isRefused(name) {
  const lower = name.toLowerCase()
  return NAMES.indexOf(lower) >= 0 || PREFIXES.some((prefix) => lower.startsWith(prefix))
}

// A cookie without its Domain, which makes it one of your host; nothing for a cookie that is not CEC's.
function ownCookie(cookie) {
  const parts = cookie.split(';')
  const at = parts[0].indexOf('=')
  if (at < 0 || COOKIES.indexOf(parts[0].slice(0, at).trim()) < 0) return undefined
  return parts.filter((part) => !/^\s*domain\s*(=|$)/i.test(part)).join(';')
}

function filter(r) {
  Object.keys(r.headersOut).filter(isRefused).forEach((name) => {
    delete r.headersOut[name]
  })
  const cookies = r.headersOut['Set-Cookie']
  if (cookies && cookies.length > 0) {
    r.headersOut['Set-Cookie'] = cookies.map(ownCookie).filter((cookie) => cookie !== undefined)
  }
}

export default { filter }
