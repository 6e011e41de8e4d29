// Written by `cargo xtask generate` from contract/src/tables/; do not edit.

/** How to fix each failure. */
export const REMEDIES = {
  LOGIN_FAILED: 'Check that the login endpoint is reachable, that the visitor is signed in, and that the response has the members the documentation names.',
  NETWORK: "Check the connection, the proxy and the firewall, and that the address serves what it should with the right type; an endpoint at another origin must allow this page's origin (CORS). Then try again.",
  TIMEOUT: 'Try again; if it keeps happening, look at the step the message names, or raise timeoutMs.',
  CSP_BLOCKED: "Add the source the message names to the page's Content-Security-Policy.",
  TRUSTED_TYPES_BLOCKED: "Add 'calldock' to the trusted-types directive of the page's Content-Security-Policy.",
  GLOBAL_MISSING: 'Check that sdkUrl is the address the vendor returned, and that no other script of the page declares or overwrites a global that the message names.',
  VENDOR_REJECTED: "Read the vendor's text in the message. It may be temporary, such as a busy line or an agent who is not online; else check the account, its permissions and its licences in the vendor's console.",
  TOKEN_EXPIRED: 'Ask the server for a new login and open again; a login works once and for ten minutes.',
  ALREADY_OPEN: 'Use the one that is open, here or in the other tab; takeOver moves an agent from another tab to this one, a reload starts over.',
  INSECURE_CONTEXT: 'Serve the page over HTTPS; localhost is allowed for development.',
  UNSUPPORTED_BROWSER: 'Use a current Chrome, Edge, Firefox or Safari; call Calldock only in a browser, not while rendering on a server.',
  INVALID_OPTION: 'Fix the value the message names.',
  SECRET_IN_PAGE: 'Remove the secret from the page, replace it at the vendor, and sign on the server.',
  ORIGIN_REFUSED: "Open the page inside the vendor's workbench; if the origin the message names is to be trusted, add it to allowParents (in CEC's agent workbench: to allowOrigins).",
  CLOSED: 'Open it again before calling; `closed` and `session.state` say when it ended.',
  PEER_GONE: 'Check that the host page is still open and serves callOuts, then try again.',
  TOO_MANY: 'Send fewer requests, or raise the limit the message names.',
  QUEUE_FULL: 'Wait and try again; raise timeoutMs so that the page keeps its place in the queue for longer.',
  POPUP_BLOCKED: 'Call it in the handler of a click, or allow pop-ups for this site.',
  PERMISSION_DENIED: "Allow what the message names in the browser's site settings and in the page's Permissions-Policy.",
  OUTCOME_UNKNOWN: "The call may have been made: do not dial again before the agent's workbench shows that there is none.",
  ABORTED: 'Nothing to fix: the caller stopped it.',
  INTERNAL: 'Reload the page, and report the message.',
} as const

/** Why something failed. The list is closed: a new code is a new major version. */
export type Code = keyof typeof REMEDIES
