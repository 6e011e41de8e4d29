// Written by `cargo xtask generate` from contract/src/tables/; do not edit.

import type { CalldockError } from '../core/errors.js'
import type { LoginSource } from '../page/login.js'
import type { CallOutResult } from '../tccc/frame/result.js'
import type { Workbench } from '../tccc/host/workbench.js'

/** JSON data: a text, a number, a boolean, `null`, a list or an object of these. */
export type JsonData = string | number | boolean | null | object

/** The kind of seat a telephone session runs on. */
export type ServerType = 'staffSeat' | 'staffPhoneSeat' | 'miniProgramSeat' | 'staffExtensionSeat' | (string & {})

/** The agent's status. */
export type AgentStatus = 'free' | 'busy' | 'arrange' | 'notReady' | 'rest' | 'offline' | (string & {})

/** One key a customer pressed in the voice menu. */
export interface IvrStep {
  /** The key. */
  readonly key: string
  /** What it stands for. */
  readonly label: string
}

/** A call that was started. */
export interface StartedCall {
  /**
   * The session; absent where the vendor responds with a plain success. The event `outgoing` names
   * it.
   */
  readonly sessionId?: string | undefined
  /** The number that is called. */
  readonly calleePhoneNumber?: string | undefined
  /** The number the called party sees. */
  readonly callerPhoneNumber?: string | undefined
  /** The kind of seat it runs on. */
  readonly serverType?: ServerType | undefined
  /** Where the number is from. */
  readonly calleeLocation?: string | undefined
  /** What the agents have noted about the customer. */
  readonly remark?: string | undefined
}

/** A group of agents. */
export interface SkillGroup {
  /** Its name. */
  readonly skillGroupName: string
  /** Its id. */
  readonly skillGroupId: string | number
}

/** A button of the vendor's interface. The vendor's other members are kept. */
export interface WorkbenchButton {
  /** Which button it is. */
  readonly type: 'transferSeat' | 'transferSkillGroup' | 'holdToggle' | 'forwardOut' | 'showKeyboard' | 'selfService' | (string & {})
}

/** A message that was not served. */
export interface RefusedMessage {
  /**
   * Why: an origin that is not in `allow`, a source that is neither a frame of this page nor in
   * one (or no longer shows the page that got the port), more than `callsPerMinute`, not of the
   * documented form, or a message that was served before.
   */
  readonly reason: 'origin' | 'source' | 'rate' | 'form' | 'replay'
  /** The origin it came from. */
  readonly origin: string
}

/** What a notification says. */
export interface IncomingNotice {
  /** The headline. */
  readonly title: string
  /** What is written under it. */
  readonly body?: string | undefined
  /** The address of a picture. */
  readonly icon?: string | undefined
}

/** CEC's response to a command. */
export interface ChannelResponse {
  /** `0` where it was done; anything else is a `VENDOR_REJECTED`. */
  readonly resultCode?: string | undefined
  /** The vendor's text. */
  readonly resultDesc?: string | undefined
}

/**
 * The web channel's configuration (`queryChannelConfigByChannelAndId`), in the vendor's words.
 */
export interface ChannelConfig {
  /** What a waiting visitor reads. */
  readonly queueReminderContent: string | null
  /** How often, in seconds. */
  readonly queueReminderInterval: number
  /** Whether a robot responds first: `'true'` or `'false'`. */
  readonly useRobot: string
  /** The word that leads from the robot to an agent. */
  readonly toArtificialKeyWord: string | null
}

/**
 * What the agent script is started with: the response of `CreateSDKLoginToken` (agent SDK guide,
 * step 3). The address alone is enough, since it has the token in its query; with `token` the
 * script gets the dataset of the older guides. It works once and for ten minutes.
 */
export interface SdkLogin {
  /**
   * Where the vendor's script is loaded from, this once. The cloud API's `SdkURL` is accepted too.
   */
  readonly sdkUrl: string
  /** The login token; needs `sdkAppId` and `userId`. */
  readonly token?: string | undefined
  /** The TCCC application. */
  readonly sdkAppId?: string | number | undefined
  /** The agent: the mail address the agent has in TCCC. */
  readonly userId?: string | undefined
  /** When it ends, in seconds since 1970; informative. */
  readonly expiresAt?: number | undefined
}

/** What a chat is opened with: the response of your server (chat guide, steps 3 and 4). */
export interface ChatLogin {
  /** The web channel: 32 hexadecimal digits. */
  readonly webAppId: string
  /**
   * The customer's data exactly as it was signed: a JSON text with `peerSource`, `nickName`,
   * `uid`. Absent in an unsigned chat.
   */
  readonly clientData?: string | undefined
  /** The vendor's signature over it. */
  readonly userSig?: string | undefined
  /** When it ends, in seconds since 1970; informative. */
  readonly expiresAt?: number | undefined
}

/**
 * What the chat is opened with: the response of your server. The page sends exactly these members,
 * because the server has signed exactly these (`docs/vendor/huawei.md` §1).
 */
export type CecLogin = {
  /** The visitor's id in the company's own system. */
  readonly thirdUserId: string
  /** The visitor's name, as the agent reads it. */
  readonly thirdUserName: string
  /** The company's tenant space at the vendor. */
  readonly tenantSpaceId: string
  /** The web channel the chat arrives at. */
  readonly channelConfigId: string
  /** When it ends, in seconds since 1970; informative. */
  readonly expiresAt?: number | undefined
} & (
  | { readonly mode: 'token'; readonly token: string }
  | { readonly mode: 'authorization'; readonly authorization: string }
)

/** How to call one of the workbench's methods. */
export interface CommandOptions {
  /**
   * How long the vendor may take to respond, in ms.
   *
   * @defaultValue 30_000
   */
  readonly timeoutMs?: number | undefined
  /** Stops it. */
  readonly signal?: AbortSignal | undefined
  /**
   * Sends members that the vendor has not documented too, at your own risk.
   *
   * @defaultValue false
   */
  readonly unlisted?: boolean | undefined
}

/** How to open the workbench. */
export interface WorkbenchOptions {
  /**
   * Where the login comes from: an endpoint, a function, or a literal for a first trial. With
   * `attach` it is only requested once the token has expired.
   */
  readonly login?: LoginSource<SdkLogin> | undefined
  /**
   * Uses the vendor's global that a script tag of the page registers; no script is loaded.
   *
   * @defaultValue false
   */
  readonly attach?: boolean | undefined
  /**
   * Whether the workbench shows itself after the login.
   *
   * @defaultValue the vendor's: true
   */
  readonly showWorkbenchAtFirstLogin?: boolean | undefined
  /** The id of the node to draw it into, at least 760 × 480 px. */
  readonly renderDomId?: string | undefined
  /**
   * Members of the vendor's script's dataset that its documents do not name, at your own risk.
   */
  readonly dataset?: JsonData | undefined
  /**
   * The nonce of the page's Content-Security-Policy.
   *
   * @defaultValue the nonce of the page's own scripts
   */
  readonly nonce?: string | undefined
  /**
   * How long it may take, in ms.
   *
   * @defaultValue 15_000
   */
  readonly timeoutMs?: number | undefined
  /**
   * How many logins may be requested, beside one for a token that the vendor finds expired.
   *
   * @defaultValue 3; 1 with a literal login
   */
  readonly attempts?: number | undefined
  /** Stops it. */
  readonly signal?: AbortSignal | undefined
  /** Is called where the login server queues the login, with the expected wait in seconds. */
  readonly onQueued?: ((waitSeconds: number) => void) | undefined
  /**
   * Takes the agent over from another tab, which closes the workbench there, instead of refusing
   * with `ALREADY_OPEN`.
   *
   * @defaultValue false
   */
  readonly takeOver?: boolean | undefined
  /**
   * Hides the vendor's floating button as soon as the script has loaded, before it shows.
   *
   * @defaultValue false
   */
  readonly hideFloatButton?: boolean | undefined
  /**
   * Hides the workbench as soon as the script has loaded.
   *
   * @defaultValue false
   */
  readonly hideWorkbench?: boolean | undefined
  /**
   * The window to act in, for micro-frontends.
   *
   * @defaultValue the window this module runs in
   */
  readonly window?: Window | undefined
}

/** How to log another agent in. */
export interface SwitchAgentOptions {
  /**
   * How long it may take, in ms.
   *
   * @defaultValue 15_000
   */
  readonly timeoutMs?: number | undefined
  /** Stops it. */
  readonly signal?: AbortSignal | undefined
  /** Is called where the login server queues the login, with the expected wait in seconds. */
  readonly onQueued?: ((waitSeconds: number) => void) | undefined
}

/** Who may receive a message, and how long to wait. */
export interface MessageOptions {
  /** Origins that may embed this page, besides the vendor's: `https://crm.example.com`. */
  readonly allowParents?: readonly string[] | undefined
  /**
   * Exactly this origin instead of the list; `'*'` lets any page that embeds this one read the
   * message.
   */
  readonly targetOrigin?: string | undefined
  /**
   * Sends members that the vendor has not documented too, at your own risk.
   *
   * @defaultValue false
   */
  readonly unlisted?: boolean | undefined
  /**
   * How long a host page may take to respond, in ms.
   *
   * @defaultValue 45_000
   */
  readonly timeoutMs?: number | undefined
  /** Stops it. */
  readonly signal?: AbortSignal | undefined
  /**
   * The window to act in, for micro-frontends.
   *
   * @defaultValue the window this module runs in
   */
  readonly window?: Window | undefined
}

/** How to listen for calls. */
export interface ScreenPopOptions {
  /** Ends the listening. */
  readonly signal?: AbortSignal | undefined
  /**
   * Is called with the errors of hashes that cannot be read.
   *
   * @defaultValue they are reported as uncaught errors
   */
  readonly onError?: ((error: CalldockError) => void) | undefined
  /**
   * The window to act in, for micro-frontends.
   *
   * @defaultValue the window this module runs in
   */
  readonly window?: Window | undefined
}

/** Which frames to serve. */
export interface ServeOptions {
  /** The origins of the business frames: `https://crm.example.com`. No other origin is served. */
  readonly allow: readonly string[]
  /**
   * How many messages of one origin are served within a minute.
   *
   * @defaultValue 20
   */
  readonly callsPerMinute?: number | undefined
  /** Is called with what was not served; it is logged in any case. */
  readonly onRefused?: ((refused: RefusedMessage) => void) | undefined
  /** Stops it. */
  readonly signal?: AbortSignal | undefined
  /**
   * The window to act in, for micro-frontends.
   *
   * @defaultValue the window this module runs in
   */
  readonly window?: Window | undefined
}

/** How to dial the telephone links of a page. */
export interface DialTelLinksOptions {
  /**
   * The workbench of this page, which calls; for a host page.
   *
   * @defaultValue the workbench around this page, by `callOut`
   */
  readonly workbench?: Pick<Workbench, 'call'> | undefined
  /**
   * Which links: a CSS selector.
   *
   * @defaultValue every link whose address begins with `tel:`
   */
  readonly selector?: string | undefined
  /**
   * Returns what the workbench shows in place of the number.
   *
   * @defaultValue the link's `data-desc`
   */
  readonly desc?: ((link: Element) => string | undefined) | undefined
  /** Is called with the result of a call. */
  readonly onResult?: ((result: CallOutResult | StartedCall, link: Element) => void) | undefined
  /**
   * Is called with the error of a call.
   *
   * @defaultValue it is reported as an uncaught error
   */
  readonly onError?: ((error: CalldockError, link: Element) => void) | undefined
  /**
   * Tells screen readers the outcome.
   *
   * @defaultValue true
   */
  readonly announce?: boolean | undefined
  /** Origins that may embed this page, besides the vendor's: `https://crm.example.com`. */
  readonly allowParents?: readonly string[] | undefined
  /**
   * Exactly this origin instead of the list; `'*'` lets any page that embeds this one read the
   * message.
   */
  readonly targetOrigin?: string | undefined
  /**
   * How long a host page or the vendor may take to respond, in ms.
   *
   * @defaultValue 45_000; 30_000 with `workbench`
   */
  readonly timeoutMs?: number | undefined
  /** Ends the listening. */
  readonly signal?: AbortSignal | undefined
  /**
   * The window to act in, for micro-frontends.
   *
   * @defaultValue the window this module runs in
   */
  readonly window?: Window | undefined
}

/** How `<calldock-call>` calls. */
export interface CallElementOptions {
  /**
   * The element's name.
   *
   * @defaultValue 'calldock-call'
   */
  readonly tag?: string | undefined
  /** Origins that may embed this page, besides the vendor's: `https://crm.example.com`. */
  readonly allowParents?: readonly string[] | undefined
  /**
   * Exactly this origin instead of the list; `'*'` lets any page that embeds this one read the
   * message.
   */
  readonly targetOrigin?: string | undefined
  /**
   * How long a host page may take to respond, in ms.
   *
   * @defaultValue 45_000
   */
  readonly timeoutMs?: number | undefined
  /**
   * The window to act in, for micro-frontends.
   *
   * @defaultValue the window this module runs in
   */
  readonly window?: Window | undefined
}

/** How to bring the agent back to a page in the background. */
export interface AttentionOptions {
  /**
   * Shows a notification of the system, if the page may: request the permission on a click of the
   * agent's. A function returns its text; by default it names no customer.
   *
   * @defaultValue false
   */
  readonly notification?: (boolean | ((call: Incoming) => IncomingNotice)) | undefined
  /**
   * Flashes the page's title; a text replaces the default one.
   *
   * @defaultValue true
   */
  readonly title?: boolean | string | undefined
  /** Ends it. */
  readonly signal?: AbortSignal | undefined
  /**
   * The window to act in, for micro-frontends.
   *
   * @defaultValue the window this module runs in
   */
  readonly window?: Window | undefined
}

/** What the chat page is to look like. */
export interface ChatLinkOptions {
  /** The title of the chat. */
  readonly title?: string | undefined
  /**
   * Links to the page for phones (`#/H5chat`).
   *
   * @defaultValue false
   */
  readonly mobile?: boolean | undefined
  /**
   * Hides the header of the chat page.
   *
   * @defaultValue false
   */
  readonly hideHeader?: boolean | undefined
  /**
   * The vendor's chat page.
   *
   * @defaultValue the vendor's public one
   */
  readonly chatPage?: string | undefined
  /**
   * Puts other members into the address too, as parameters of their names, at your own risk.
   *
   * @defaultValue false
   */
  readonly unlisted?: boolean | undefined
}

/** How to open a TCCC chat. */
export interface ChatOptions {
  /** Where the login comes from: an endpoint, a function, or a literal. */
  readonly login: LoginSource<ChatLogin>
  /** The title of the chat. */
  readonly title?: string | undefined
  /**
   * Opens the page for phones (`#/H5chat`).
   *
   * @defaultValue false
   */
  readonly mobile?: boolean | undefined
  /**
   * Hides the header of the chat page.
   *
   * @defaultValue false
   */
  readonly hideHeader?: boolean | undefined
  /**
   * The vendor's chat page.
   *
   * @defaultValue the vendor's public one
   */
  readonly chatPage?: string | undefined
  /**
   * Puts other members into the address too, as parameters of their names, at your own risk.
   *
   * @defaultValue false
   */
  readonly unlisted?: boolean | undefined
  /**
   * How long it may take, in ms.
   *
   * @defaultValue 15_000
   */
  readonly timeoutMs?: number | undefined
  /** Stops it. */
  readonly signal?: AbortSignal | undefined
  /** Is called where the login server queues the login, with the expected wait in seconds. */
  readonly onQueued?: ((waitSeconds: number) => void) | undefined
  /**
   * The window to act in, for micro-frontends.
   *
   * @defaultValue the window this module runs in
   */
  readonly window?: Window | undefined
}

/** The vendor's chat widget (`imPublish.js`; `docs/vendor/tccc.md` §3). */
export interface ChatWidgetOptions {
  /** The web channel: 32 hexadecimal digits. */
  readonly webAppId: string
  /**
   * The vendor's script. The channel is added to its query, unless it is there.
   *
   * @defaultValue the vendor's public one
   */
  readonly scriptUrl?: string | undefined
  /**
   * Puts other members into the address too, as parameters of their names, at your own risk.
   *
   * @defaultValue false
   */
  readonly unlisted?: boolean | undefined
  /**
   * The nonce of the page's Content-Security-Policy.
   *
   * @defaultValue the nonce of the page's own scripts
   */
  readonly nonce?: string | undefined
  /**
   * How long it may take, in ms.
   *
   * @defaultValue 15_000
   */
  readonly timeoutMs?: number | undefined
  /** Stops it. */
  readonly signal?: AbortSignal | undefined
  /**
   * The window to act in, for micro-frontends.
   *
   * @defaultValue the window this module runs in
   */
  readonly window?: Window | undefined
}

/** How to open the CEC chat. */
export interface OpenChatOptions {
  /** Where the login comes from: an endpoint, a function, or a literal. */
  readonly login: LoginSource<CecLogin>
  /**
   * Where CEC responds: a path on the page's own origin, behind a proxy, is the deployment that
   * works, because browsers keep the vendor's cookie nowhere else. Must have `/service-cloud` in
   * it.
   */
  readonly contextPath: string
  /** The language of the chat. */
  readonly locale: 'zh' | 'en' | 'ar' | 'es' | 'pt' | 'fr'
  /**
   * The map service.
   *
   * @defaultValue the vendor's: 'tencent'
   */
  readonly mapService?: 'tencent' | 'google' | undefined
  /**
   * Loads the cobrowsing scripts too, so that a visitor can start it from the chat.
   *
   * @defaultValue false
   */
  readonly cobrowse?: boolean | undefined
  /**
   * The nonce of the page's Content-Security-Policy.
   *
   * @defaultValue the nonce of the page's own scripts
   */
  readonly nonce?: string | undefined
  /**
   * The content type of the requests for the scripts; `form` needs no preflight.
   *
   * @defaultValue 'form', as the guide's samples send
   */
  readonly contentType?: 'form' | 'json' | undefined
  /**
   * What Authorization mode requests.
   *
   * @defaultValue ['newThirdPartyClient.js'], as in the guide's samples
   */
  readonly scripts?: readonly ('thirdPartyClient.js' | 'newThirdPartyClient.js')[] | undefined
  /**
   * Whether `$aicc_ContextPath` ends in a slash.
   *
   * @defaultValue true
   */
  readonly contextPathSlash?: boolean | undefined
  /**
   * Assigned to the window first, for tenants whose scripts need them: `{ jQuery, $, axios }`.
   */
  readonly globals?: Readonly<Record<string, unknown>> | undefined
  /**
   * Refuses phones, which the vendor's chat does not support; otherwise there is a warning.
   *
   * @defaultValue false
   */
  readonly refusePhones?: boolean | undefined
  /**
   * How long it may take, in ms.
   *
   * @defaultValue 15_000
   */
  readonly timeoutMs?: number | undefined
  /** Stops it. */
  readonly signal?: AbortSignal | undefined
  /** Is called where the login server queues the login, with the expected wait in seconds. */
  readonly onQueued?: ((waitSeconds: number) => void) | undefined
  /**
   * The window to act in, for micro-frontends.
   *
   * @defaultValue the window this module runs in
   */
  readonly window?: Window | undefined
}

/** How to send a command to CEC. */
export interface ChannelOptions {
  /**
   * How long CEC may take to respond, in ms.
   *
   * @defaultValue 30_000
   */
  readonly timeoutMs?: number | undefined
  /** Stops it. */
  readonly signal?: AbortSignal | undefined
}

/** How a page inside CEC's agent workbench listens for calls. */
export interface AgentScreenPopOptions {
  /**
   * The call, where the workbench posts it as a form: your server reads the form and hands its
   * body, or its members, to the page. The members may be an object, a `FormData`, a
   * `URLSearchParams`, a `Map` or a list of pairs.
   *
   * @defaultValue the page's query
   */
  readonly call?: string | Readonly<Record<string, string>> | Iterable<readonly [string, unknown]> | undefined
  /** Ends the listening. */
  readonly signal?: AbortSignal | undefined
  /**
   * Is called with the errors of calls that cannot be read.
   *
   * @defaultValue they are reported as uncaught errors
   */
  readonly onError?: ((error: CalldockError) => void) | undefined
  /**
   * The window to act in, for micro-frontends.
   *
   * @defaultValue the window this module runs in
   */
  readonly window?: Window | undefined
}

/** A number to call from CEC's agent workbench. */
export interface AgentCallOut {
  /** `13800000000`, `0086…`, `+86…`, `0755-…` or an extension. */
  readonly phoneNumber: string
  /**
   * `audio` or `video`; another one with `unlisted`.
   *
   * @defaultValue audio
   */
  readonly mediaType?: string | undefined
}

/** Which workbench may receive a number, and how long to wait. */
export interface AgentCallOutOptions {
  /**
   * The origins of your workbenches: `https://cec.example.com`. The page's address names one of
   * them, and anyone can write an address.
   */
  readonly allowOrigins: readonly string[]
  /**
   * The origin of the workbench this page is in, where neither the browser nor the page's address
   * has it.
   *
   * @defaultValue the top window's, else the parameter `origin`
   */
  readonly origin?: string | undefined
  /**
   * Sends members that the vendor has not documented too, at your own risk.
   *
   * @defaultValue false
   */
  readonly unlisted?: boolean | undefined
  /**
   * How long it may take, in ms.
   *
   * @defaultValue 15_000
   */
  readonly timeoutMs?: number | undefined
  /** Stops it. */
  readonly signal?: AbortSignal | undefined
  /**
   * The window to act in, for micro-frontends.
   *
   * @defaultValue the window this module runs in
   */
  readonly window?: Window | undefined
}

/** How a page listens for calls in the workbenches of both vendors. */
export interface AnyScreenPopOptions {
  /**
   * The call, where the workbench posts it as a form: your server reads the form and hands its
   * body, or its members, to the page. The members may be an object, a `FormData`, a
   * `URLSearchParams`, a `Map` or a list of pairs.
   *
   * @defaultValue the page's query
   */
  readonly call?: string | Readonly<Record<string, string>> | Iterable<readonly [string, unknown]> | undefined
  /** Ends the listening. */
  readonly signal?: AbortSignal | undefined
  /**
   * Is called with the errors of calls that cannot be read.
   *
   * @defaultValue they are reported as uncaught errors
   */
  readonly onError?: ((error: CalldockError) => void) | undefined
  /**
   * The window to act in, for micro-frontends.
   *
   * @defaultValue the window this module runs in
   */
  readonly window?: Window | undefined
}

/** Which workbench of either vendor may receive a number, and how long to wait. */
export interface AnyCallOutOptions {
  /**
   * The origins of your workbenches: `https://cec.example.com`. The page's address names one of
   * them, and anyone can write an address.
   */
  readonly allowOrigins: readonly string[]
  /**
   * The origin of the workbench this page is in, where neither the browser nor the page's address
   * has it.
   *
   * @defaultValue the top window's, else the parameter `origin`
   */
  readonly origin?: string | undefined
  /**
   * The call, where the workbench posts it as a form: your server reads the form and hands its
   * body, or its members, to the page. The members may be an object, a `FormData`, a
   * `URLSearchParams`, a `Map` or a list of pairs.
   *
   * @defaultValue the page's query
   */
  readonly call?: string | Readonly<Record<string, string>> | Iterable<readonly [string, unknown]> | undefined
  /** Origins that may embed this page, besides the vendor's: `https://crm.example.com`. */
  readonly allowParents?: readonly string[] | undefined
  /**
   * How long it may take, in ms.
   *
   * @defaultValue 15_000 in CEC's workbench, 45_000 in TCCC's
   */
  readonly timeoutMs?: number | undefined
  /** Stops it. */
  readonly signal?: AbortSignal | undefined
  /**
   * The window to act in, for micro-frontends.
   *
   * @defaultValue the window this module runs in
   */
  readonly window?: Window | undefined
}

/** How to start cobrowsing. */
export interface StartCobrowseOptions {
  /**
   * Where CEC responds: a path on the page's own origin, behind a proxy, is the deployment that
   * works, because browsers keep the vendor's cookie nowhere else. Must have `/service-cloud` in
   * it.
   */
  readonly contextPath: string
  /**
   * The nonce of the page's Content-Security-Policy.
   *
   * @defaultValue the nonce of the page's own scripts
   */
  readonly nonce?: string | undefined
  /**
   * How long it may take, in ms.
   *
   * @defaultValue 15_000
   */
  readonly timeoutMs?: number | undefined
  /** Stops it. */
  readonly signal?: AbortSignal | undefined
  /**
   * The window to act in, for micro-frontends.
   *
   * @defaultValue the window this module runs in
   */
  readonly window?: Window | undefined
}

/** The options of an outbound call. */
export interface OutboundCallOptions {
  /**
   * The number to call: `13800000000`, `0086…`, `+86…`, `0755-…`, an extension, or an id of the
   * vendor's number mapping.
   */
  readonly phoneNumber: string
  /** What the workbench shows in place of the number. */
  readonly phoneDesc?: string | undefined
  /** User-to-user information that travels with the call. */
  readonly uui?: string | undefined
  /** The skill group whose number is used. */
  readonly skillGroupId?: string | number | undefined
  /** The number the called party sees. */
  readonly callerPhoneNumber?: string | undefined
  /** The groups of numbers to choose the caller's from. */
  readonly servingNumberGroupIds?: readonly string[] | undefined
  /** `number` says that `phoneNumber` is a real number although number mapping is on. */
  readonly phoneEncodeType?: 'number' | undefined
}

/** The options of a call to a colleague. */
export interface InternalCallOptions {
  /** The colleague. */
  readonly agentId: string
  /** Whether the colleague's mobile telephone rings. */
  readonly useMobile?: boolean | undefined
}

/** Which session is meant. */
export interface SessionOptions {
  /** The session, as its events name it. */
  readonly sessionId: string
}

/** Where a session is transferred to: a skill group, an agent, or an agent of a group. */
export type TransferOptions = {
  /** The session, as its events name it. */
  readonly sessionId: string
  /** The skill group. */
  readonly skillGroupId?: string | number | undefined
  /** The agent. */
  readonly agentId?: string | undefined
} & (
  | { readonly skillGroupId: string | number }
  | { readonly agentId: string }
)

/** The telephone keys to press. */
export interface DigitsOptions {
  /** The session, as its events name it. */
  readonly sessionId: string
  /** Digits, `*` and `#`. */
  readonly dtmfText: string
}

/** A card of the Desk edition. */
export interface ChatCard {
  /** The headline. */
  readonly header: string
  /** What is written under it. */
  readonly desc: string
  /** The address of the picture. */
  readonly pic: string
  /** The address it links to. */
  readonly url: string
}

/** A card for the customer of a chat. */
export interface SendCardOptions {
  /** The session, as its events name it. */
  readonly sessionId: string
  /** The card. */
  readonly payload: ChatCard
}

/** An order of the Desk edition. */
export interface ChatOrder {
  /** The line above the order. */
  readonly guide?: string | undefined
  /** The name of the goods. */
  readonly name?: string | undefined
  /** What is written under the name. */
  readonly desc?: string | undefined
  /** The address of the picture. */
  readonly pic?: string | undefined
  /** Further fields: a list of objects in the vendor's sample, an object in its table. */
  readonly customField?: JsonData | undefined
}

/** An order for the customer of a chat. */
export interface SendOrderOptions {
  /** The session, as its events name it. */
  readonly sessionId: string
  /** The order. */
  readonly payload: ChatOrder
}

/** The agent's new status. */
export interface AgentStatusOptions {
  /** `stopNotReady` ends `notReady`. */
  readonly status: 'free' | 'rest' | 'arrange' | 'notReady' | 'stopNotReady'
  /** Why the agent rests; the reasons are configured at the vendor. */
  readonly restReason?: string | undefined
}

/** A number to call. */
export interface CallOut {
  /**
   * `13800000000`, `0086…`, `+86…`, `0755-…`, an extension, or an id of the vendor's number
   * mapping.
   */
  readonly phoneNumber: string
  /** What the workbench shows in place of the number; at most 256 characters. */
  readonly desc?: string | undefined
}

/** A message of the company's own kind. */
export interface CustomMessage {
  /** The headline. */
  readonly title: string
  /** What is written under it. */
  readonly description: string
  /** The address of the picture. */
  readonly iconUrl: string
  /** Data for the receiving side: a text, an object or a list. */
  readonly extension?: JsonData | undefined
  /** 1, as the vendor's sample has it; it is sent in any case. */
  readonly fromPostMessage?: number | undefined
}

/** The agent is logged in. */
export type Ready = Readonly<Record<string, never>>

/** The token is no longer accepted. */
export interface TokenExpired {
  /** The vendor's text. */
  readonly message?: string | undefined
}

/** A telephone call rings. */
export interface PhoneIncoming {
  /** The session. */
  readonly sessionId: string
  /** What kind of session it is. */
  readonly type: 'phone'
  /** How long it rings, in seconds; 0 is without end. */
  readonly timeout: number
  /** The number that was called. */
  readonly calleePhoneNumber: string
  /** The kind of seat that rings. */
  readonly serverType: ServerType
  /** The customer's number. */
  readonly callerPhoneNumber?: string | undefined
  /** Where the customer's number is from. */
  readonly callerLocation?: string | undefined
  /** What the agents have noted about the customer. */
  readonly remark?: string | undefined
  /** The keys the customer pressed in the voice menu. */
  readonly ivrPath?: readonly IvrStep[] | undefined
  /** The id of the called number, where number mapping is on. */
  readonly protectedCallee?: string | undefined
  /** The id of the customer's number, where number mapping is on. */
  readonly protectedCaller?: string | undefined
}

/** A text chat rings. */
export interface ImIncoming {
  /** The session. */
  readonly sessionId: string
  /** What kind of session it is. */
  readonly type: 'im'
  /** How long it rings, in seconds; 0 is without end. */
  readonly timeout: number
  /** The customer's name. */
  readonly nickname: string
  /** The address of the customer's picture. */
  readonly avatar?: string | undefined
  /** What the agents have noted about the customer. */
  readonly remark?: string | undefined
  /** Where the customer comes from, as the chat link says. */
  readonly peerSource?: string | undefined
  /** The channel the chat came by. */
  readonly channelName?: string | undefined
  /** What the chat link was signed with, read; absent where it is not a JSON object. */
  readonly clientData?: Readonly<Record<string, unknown>> | undefined
  /** The same as the vendor sent it: a JSON text. */
  readonly clientDataText?: string | undefined
}

/** An internet call rings. */
export interface VoipIncoming {
  /** The session. */
  readonly sessionId: string
  /** What kind of session it is. */
  readonly type: 'voip'
  /** How long it rings, in seconds; 0 is without end. */
  readonly timeout: number
  /** What was called. */
  readonly callee: string
  /** The customer. */
  readonly customerId: string
  /** What is noted about what was called. */
  readonly calleeRemark?: string | undefined
  /** The customer's name. */
  readonly nickname?: string | undefined
  /** The address of the customer's picture. */
  readonly avatar?: string | undefined
  /** What the agents have noted about the customer. */
  readonly remark?: string | undefined
  /** Where the customer comes from, as the chat link says. */
  readonly peerSource?: string | undefined
  /** The keys the customer pressed in the voice menu. */
  readonly ivrPath?: readonly IvrStep[] | undefined
}

/** A video call rings. */
export interface VideoIncoming {
  /** The session. */
  readonly sessionId: string
  /** What kind of session it is. */
  readonly type: 'video'
  /** How long it rings, in seconds; 0 is without end. */
  readonly timeout: number
  /** The customer. */
  readonly customerId: string
  /** The customer's name. */
  readonly nickname?: string | undefined
  /** The address of the customer's picture. */
  readonly avatar?: string | undefined
  /** What the agents have noted about the customer. */
  readonly remark?: string | undefined
}

/** A colleague calls. */
export interface InternalIncoming {
  /** The session. */
  readonly sessionId: string
  /** What kind of session it is. */
  readonly type: 'internal'
  /** How long it rings, in seconds; 0 is without end. */
  readonly timeout: number
  /** The colleague. */
  readonly agentId: string
  /** What the agents have noted about the customer. */
  readonly remark?: string | undefined
}

/** A session was answered. */
export interface Answered {
  /** The session. */
  readonly sessionId: string
  /** Whether the called party answered an outbound call; otherwise the agent answered. */
  readonly outbound: boolean
}

/** An outbound call was started; the called party's telephone does not ring yet. */
export interface Outgoing {
  /** The session. */
  readonly sessionId: string
  /** The number that is called. */
  readonly calleePhoneNumber?: string | undefined
  /** The number the called party sees. */
  readonly callerPhoneNumber?: string | undefined
  /** The id of the called number, where number mapping is on. */
  readonly protectedCallee?: string | undefined
  /** What the agents have noted about the customer. */
  readonly remark?: string | undefined
}

/** A session is over. */
export interface Ended {
  /** The session. */
  readonly sessionId: string
  /** Who ended it. */
  readonly closeBy: 'client' | 'seat' | 'admin' | 'timer' | (string & {})
  /** Why, in the vendor's words. */
  readonly mainReason?: string | undefined
  /** Why in detail, in the vendor's words. */
  readonly subReason?: string | undefined
  /** What kind of session it was. */
  readonly type?: string | undefined
  /** How long it was, in seconds. */
  readonly duration?: number | undefined
}

/** The work after a session is over too. */
export interface Completed {
  /** The session. */
  readonly sessionId: string
}

/** A session was transferred away. */
export interface Transferred {
  /** The session. */
  readonly sessionId: string
  /** Whether the vendor transferred it because no agent answered. */
  readonly automatic: boolean
  /** The skill group it was transferred to. */
  readonly skillGroupId?: string | number | undefined
  /** The agent it was transferred to. */
  readonly agentId?: string | undefined
}

/** The agent's status has changed. */
export interface AgentStatusChanged {
  /** The new status. */
  readonly status: AgentStatus
}

/** The call a page inside CEC's agent workbench is shown for. What the vendor left out or empty is `null`. */
export interface AgentCall {
  /** The calling number. */
  readonly callerNum: string | null
  /** The called number. */
  readonly calledNum: string | null
  /** The call. */
  readonly callid: string | null
  /** What kind of call it is; its values are not documented. */
  readonly mediaType: string | null
  /** Whether the call came in or went out; its values are not documented. */
  readonly callType: string | null
  /** The agent's work number. */
  readonly workNo: string | null
  /** The skill queue. */
  readonly callskill: string | null
  /** The id of the skill queue. */
  readonly callskillid: string | null
  /** The agent's name. */
  readonly agentName: string | null
  /**
   * The origin of the workbench, as the page's address has it. Anyone can write an address: it is
   * only used where `allowOrigins` has it too.
   */
  readonly origin: string | null
  /** Parameters the vendor has not documented, 256 at most. */
  readonly extra: ReadonlyMap<string, string>
  /** The names of what differs from the call before; of the first one, of all that has a value. */
  readonly changed: readonly string[]
  /** The names of parameters that cannot be read, for example because they are not UTF-8; their value is `null`. */
  readonly unreadable: readonly string[]
}

/** The call a screen-pop page is shown for (screen-pop guide). What the vendor left out or empty is `null`. */
export interface CallContext {
  /** Where the call stands. */
  readonly status: 'ringing' | 'connected' | 'ended' | `other:${string}` | null
  /** What kind of service it is: `om` of the vendor's is `audio`, `oim` is `audioAndIm`. */
  readonly type: 'phone' | 'im' | 'audio' | 'audioAndIm' | `other:${string}` | null
  /** The customer's number, or its id where number mapping is on. */
  readonly mobile: string | null
  /** The customer: an id of the telephone or web channel, or a WeChat openID. */
  readonly userId: string | null
  /** The customer's WeChat nickname. */
  readonly nickName: string | null
  /** The address of the customer's picture. */
  readonly avatar: string | null
  /** The agent's mail address. */
  readonly agentEmail: string | null
  /** The agent's number. */
  readonly agentMobile: string | null
  /** The agent's nickname. */
  readonly agentNickName: string | null
  /** The agent's role; its values are not documented. */
  readonly agentRoleId: string | null
  /** The TCCC application. */
  readonly sdkAppId: string | null
  /** Parameters the vendor has not documented, 256 at most. */
  readonly extra: ReadonlyMap<string, string>
  /** The names of what differs from the call before; of the first one, of all that has a value. */
  readonly changed: readonly string[]
  /** The names of parameters that cannot be read, for example because they are not UTF-8; their value is `null`. */
  readonly unreadable: readonly string[]
}

/** Where a call stands; a value the vendor has not documented follows `other:`. */
export type CallStatus = NonNullable<CallContext['status']>

/** What kind of service a call is. */
export type ServiceType = NonNullable<CallContext['type']>

/** Telephone calls. */
export interface CallMethods {
  /** Calls a number. `Call.startOutboundCall`. */
  startOutbound(options: OutboundCallOptions, settings?: CommandOptions): Promise<StartedCall>
  /** Calls a colleague. `Call.startInternalCall`. */
  startInternal(options: InternalCallOptions, settings?: CommandOptions): Promise<StartedCall>
  /** Answers a ringing call. `Call.accept`. */
  accept(session: string | SessionOptions, settings?: CommandOptions): Promise<void>
  /** Ends a call. `Call.hungUp`. */
  hangUp(session: string | SessionOptions, settings?: CommandOptions): Promise<void>
  /** Removes an ended call from the workbench. `Call.deleteCall`. */
  delete(session: string | SessionOptions, settings?: CommandOptions): Promise<void>
  /** Mutes the microphone. `Call.muteMic`. */
  muteMic(session: string | SessionOptions, settings?: CommandOptions): Promise<void>
  /** Unmutes the microphone. `Call.unmuteMic`. */
  unmuteMic(session: string | SessionOptions, settings?: CommandOptions): Promise<void>
  /** Tells whether the microphone is muted. `Call.isMicMuted`. */
  isMicMuted(session: string | SessionOptions, settings?: CommandOptions): Promise<boolean>
  /** Puts a call on hold. `Call.hold`. */
  hold(session: string | SessionOptions, settings?: CommandOptions): Promise<void>
  /** Takes a call off hold. `Call.unHold`. */
  unhold(session: string | SessionOptions, settings?: CommandOptions): Promise<void>
  /** Transfers a call. `Call.transfer`. */
  transfer(options: TransferOptions, settings?: CommandOptions): Promise<void>
  /** Presses telephone keys during a call. `Call.sendDigits`. */
  sendDigits(options: DigitsOptions, settings?: CommandOptions): Promise<void>
  /** The vendor has it; its options and its response are not published. `Call.end`. */
  end(options?: unknown, settings?: CommandOptions): Promise<unknown>
  /** The vendor has it; its options and its response are not published. `Call.kick`. */
  kick(options?: unknown, settings?: CommandOptions): Promise<unknown>
}

/** Text chats. */
export interface ChatMethods {
  /** Accepts a chat. `Chat.accept`. */
  accept(session: string | SessionOptions, settings?: CommandOptions): Promise<void>
  /** Ends a chat. `Chat.end`. */
  end(session: string | SessionOptions, settings?: CommandOptions): Promise<void>
  /** Transfers a chat. `Chat.transfer`. */
  transfer(options: TransferOptions, settings?: CommandOptions): Promise<void>
  /** Sends a card (Desk edition). `Chat.sendCardMessage`. */
  sendCard(options: SendCardOptions, settings?: CommandOptions): Promise<void>
  /** Sends an order (Desk edition). `Chat.sendOrderMessage`. */
  sendOrder(options: SendOrderOptions, settings?: CommandOptions): Promise<void>
}

/** Video calls. */
export interface VideoMethods {
  /** Accepts a video call. `Video.accept`. */
  accept(session: string | SessionOptions, settings?: CommandOptions): Promise<void>
  /** Ends a video call. `Video.end`. */
  end(session: string | SessionOptions, settings?: CommandOptions): Promise<void>
  /** Transfers a video call. `Video.transfer`. */
  transfer(options: TransferOptions, settings?: CommandOptions): Promise<void>
  /** Mutes the microphone. `Video.muteMic`. */
  muteMic(session: string | SessionOptions, settings?: CommandOptions): Promise<void>
  /** Unmutes the microphone. `Video.unmuteMic`. */
  unmuteMic(session: string | SessionOptions, settings?: CommandOptions): Promise<void>
  /** Switches the camera off. `Video.muteVideo`. */
  muteVideo(session: string | SessionOptions, settings?: CommandOptions): Promise<void>
  /** Switches the camera on. `Video.unmuteVideo`. */
  unmuteVideo(session: string | SessionOptions, settings?: CommandOptions): Promise<void>
}

/** The agent. */
export interface AgentMethods {
  /** Goes online. `Agent.online`. */
  online(settings?: CommandOptions): Promise<void>
  /** Goes offline. `Agent.offline`. */
  offline(settings?: CommandOptions): Promise<void>
  /** Sets the agent's status. `Agent.setStatus`. */
  setStatus(options: AgentStatusOptions, settings?: CommandOptions): Promise<void>
  /** Tells the agent's status. `Agent.getStatus`. */
  getStatus(settings?: CommandOptions): Promise<AgentStatus>
}

/** The contact centre. */
export interface AdminMethods {
  /**
   * Lists the skill groups. Only in older editions of the vendor's script. `Admin.getSkillGroups`.
   */
  getSkillGroups(settings?: CommandOptions): Promise<readonly SkillGroup[]>
}

/** What the agent hears and speaks with. */
export interface DevicesMethods {
  /** Tells whether the browser is supported. `Devices.isBrowserSupported`. */
  isBrowserSupported(settings?: CommandOptions): Promise<boolean>
  /** Tells whether browser, connection and devices are fit for calls. `isEnvSupported`. */
  isEnvSupported(settings?: CommandOptions): Promise<boolean>
  /** Lists the microphones. `Devices.getMicrophones`. */
  getMicrophones(settings?: CommandOptions): Promise<readonly MediaDeviceInfo[]>
  /** Lists the loudspeakers. `Devices.getSpeakers`. */
  getSpeakers(settings?: CommandOptions): Promise<readonly MediaDeviceInfo[]>
}

/** The vendor's interface. */
export interface UiMethods {
  /** Shows the vendor's interface. `UI.show`. */
  show(settings?: CommandOptions): Promise<void>
  /** Hides the vendor's interface. `UI.hide`. */
  hide(settings?: CommandOptions): Promise<void>
  /** Shows the workbench. `UI.showWorkbench`. */
  showWorkbench(settings?: CommandOptions): Promise<void>
  /** Hides the workbench. `UI.hideWorkbench`. */
  hideWorkbench(settings?: CommandOptions): Promise<void>
  /** Shows the floating button. `UI.showfloatButton`. */
  showFloatButton(settings?: CommandOptions): Promise<void>
  /** Hides the floating button. `UI.hidefloatButton`. */
  hideFloatButton(settings?: CommandOptions): Promise<void>
  /**
   * The vendor has it; its options are not published. Calling it again doubles the vendor's
   * listeners. `UI.mount`.
   */
  mount(options?: unknown, settings?: CommandOptions): Promise<unknown>
  /** Chooses which buttons the vendor's interface shows. `overrideButtonConfig`. */
  configureButtons(choose: (button: WorkbenchButton) => boolean | { readonly active: boolean }, settings?: CommandOptions): Promise<void>
}

/** Every group of methods. */
export interface WorkbenchMethods {
  readonly call: CallMethods
  readonly chat: ChatMethods
  readonly video: VideoMethods
  readonly agent: AgentMethods
  readonly admin: AdminMethods
  readonly devices: DevicesMethods
  readonly ui: UiMethods
}

/** The name of a method: group and name. */
export type MethodName =
  | 'call.startOutbound'
  | 'call.startInternal'
  | 'call.accept'
  | 'call.hangUp'
  | 'call.delete'
  | 'call.muteMic'
  | 'call.unmuteMic'
  | 'call.isMicMuted'
  | 'call.hold'
  | 'call.unhold'
  | 'call.transfer'
  | 'call.sendDigits'
  | 'call.end'
  | 'call.kick'
  | 'chat.accept'
  | 'chat.end'
  | 'chat.transfer'
  | 'chat.sendCard'
  | 'chat.sendOrder'
  | 'video.accept'
  | 'video.end'
  | 'video.transfer'
  | 'video.muteMic'
  | 'video.unmuteMic'
  | 'video.muteVideo'
  | 'video.unmuteVideo'
  | 'agent.online'
  | 'agent.offline'
  | 'agent.setStatus'
  | 'agent.getStatus'
  | 'admin.getSkillGroups'
  | 'devices.isBrowserSupported'
  | 'devices.isEnvSupported'
  | 'devices.getMicrophones'
  | 'devices.getSpeakers'
  | 'ui.show'
  | 'ui.hide'
  | 'ui.showWorkbench'
  | 'ui.hideWorkbench'
  | 'ui.showFloatButton'
  | 'ui.hideFloatButton'
  | 'ui.mount'
  | 'ui.configureButtons'

/** What a method responds with. */
export type MethodResponse = 'nothing' | 'session' | 'flag' | 'text' | 'list' | 'anything'

/** The name of a `ccc-sdk` message. */
export type MessageName = 'callOut' | 'sendCard' | 'sendCustomMessage' | 'sendTextMessage'

/** A call or a chat rings; `type` tells which kind. */
export type Incoming = PhoneIncoming | ImIncoming | VoipIncoming | VideoIncoming | InternalIncoming

/** Every event of the workbench, and what its listener gets. */
export interface WorkbenchEvents {
  /**
   * The agent is logged in again after a new login; the first one ends `openWorkbench`. The
   * vendor's `ready`.
   */
  ready: Ready
  /**
   * The token is no longer accepted; Calldock requests a new login by itself. The vendor's
   * `tokenExpired`.
   */
  tokenExpired: TokenExpired
  /** A call or a chat rings. The vendor's `callIn`. */
  incoming: Incoming
  /**
   * The agent has answered. The called party has answered an outbound call. The vendor's
   * `userAccessed`, `calloutAccepted`.
   */
  answered: Answered
  /** An outbound call was started. The vendor's `callOuted`. */
  outgoing: Outgoing
  /** A session is over. The vendor's `sessionEnded`. */
  ended: Ended
  /** The work after a session is over too (older documents). The vendor's `sessionCompleted`. */
  completed: Completed
  /**
   * A session was transferred. An unanswered session went on to another agent. The vendor's
   * `transfer`, `autoTransfer`.
   */
  transferred: Transferred
  /** The agent's status has changed. The vendor's `statusChanged`. */
  agentStatus: AgentStatusChanged
}

/** The name of an event. */
export type WorkbenchEventName = keyof WorkbenchEvents

/** Any event with its name: a union to tell apart by `event`. */
export type WorkbenchEvent = {
  [E in WorkbenchEventName]: { readonly event: E; readonly payload: WorkbenchEvents[E] }
}[WorkbenchEventName]
