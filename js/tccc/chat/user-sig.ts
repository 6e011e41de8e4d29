import { own } from '../../check.js'
import { failure, invalid } from '../../core/errors.js'
import { requirePage } from '../../core/role.js'
import { readClientData } from './link.js'

/** What a signature says of itself. */
export interface UserSigReport {
  /** The customer it is for. */
  readonly uid: string
  readonly identifier: string
  readonly sdkAppId: number
  /** In seconds since 1970. */
  readonly issuedAt: number
  /** In seconds since 1970. */
  readonly expiresAt: number
  /** The text that was signed. */
  readonly clientData: string | null
  /** Why the vendor will refuse it: all that apply. */
  readonly faults: readonly ('EXPIRED' | 'OTHER_USER' | 'OTHER_TEXT')[]
}

/** The vendor's base64 in the usual one. */
const SIGNS: Readonly<Record<string, string>> = { '*': '+', '-': '/', _: '=' }

const EXPECTED = 'a signature of CreateUserSig'

/**
 * Tells without a key what a signature is for, and why the vendor will refuse it: expired, for another user,
 * for another text.
 *
 * @param clientData the text it should be for
 * @throws {CalldockError} `INVALID_OPTION` for a text that is not a signature; `UNSUPPORTED_BROWSER` where the
 * browser cannot inflate
 * @example
 * const login = await (await fetch('/calldock/v1/tccc/chat', { method: 'POST' })).json()
 * const { faults } = await inspectUserSig(login.userSig, login.clientData)
 */
export async function inspectUserSig(userSig: string, clientData?: string): Promise<UserSigReport> {
  if (typeof userSig !== 'string') throw invalid('userSig', EXPECTED, userSig)
  const clientUid = clientData === undefined ? undefined : readClientData(clientData)
  requirePage()
  if (typeof DecompressionStream !== 'function')
    throw failure('UNSUPPORTED_BROWSER', 'inspectUserSig', 'DecompressionStream', 'none')
  const { identifier, issuedAt, expire, sdkAppId, signed } = await unpack(userSig)
  const expiresAt = issuedAt + expire
  const uid = /^TCCC-EXTRA-UID-[^-]*-(.*)$/s.exec(identifier)?.[1] ?? identifier
  const faults: UserSigReport['faults'][number][] = []
  if (expiresAt <= Date.now() / 1000) faults.push('EXPIRED')
  if (clientUid !== undefined && clientUid !== uid) faults.push('OTHER_USER')
  if (clientData !== undefined && clientData !== signed) faults.push('OTHER_TEXT')
  return { uid, identifier, sdkAppId, issuedAt, expiresAt, clientData: signed, faults }
}

async function unpack(userSig: string) {
  try {
    const inflated = await inflate(bytes(userSig.replace(/[*\-_]/g, (c) => SIGNS[c] as string)))
    const json: unknown = JSON.parse(inflated)
    const member = (name: string, type: 'string' | 'number') => {
      const value = own(json, `TLS.${name}`)
      if (typeof value !== type) throw new TypeError(name)
      return value
    }
    const userbuf = own(json, 'TLS.userbuf')
    return {
      identifier: member('identifier', 'string') as string,
      issuedAt: member('time', 'number') as number,
      expire: member('expire', 'number') as number,
      sdkAppId: member('sdkappid', 'number') as number,
      signed: typeof userbuf === 'string' ? new TextDecoder().decode(bytes(userbuf)) : null,
    }
  } catch (cause) {
    throw failure('INVALID_OPTION', 'userSig', EXPECTED, 'another text', { cause })
  }
}

function bytes(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
}

function inflate(deflated: Uint8Array<ArrayBuffer>): Promise<string> {
  const stream = new Blob([deflated]).stream().pipeThrough(new DecompressionStream('deflate'))
  return new Response(stream).text()
}
