// Reads the elements of a page that `check` needs, as browsers do (HTML, “Tokenization” and “The rules for parsing
// tokens in HTML content”). By patterns: the package has no dependencies, and a parser is larger than the command.

/** An element's attributes, by their names in lower case. */
export type Attributes = ReadonlyMap<string, string>

/** What a page's HTML has of interest. */
export interface Elements {
  /** The `<meta>` elements of the head. */
  readonly metas: readonly Attributes[]
  /** The `<script>` elements, wherever they are. */
  readonly scripts: readonly Attributes[]
}

/** A comment, or what browsers take for one. */
const COMMENT = /<!--(?:-?>|[\s\S]*?(?:--!?>|$))|<(?:[!?]|\/(?![a-zA-Z]))[^>]*>?/y
const TAG = /<(\/?)([a-zA-Z][^\s/>]*)/y
/** An attribute; without a name, what is before the end of the tag. */
const ATTRIBUTE =
  /[\s/]*(?:([^\s/>][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)(?:"|$)|'([^']*)(?:'|$)|([^\s>]*)))?)?/y
/** Text up to the next `<`; one that begins no tag is text as well. */
const TEXT = /<?[^<]*/y

/** The elements that leave the head open; any other one begins the body. */
const OF_HEAD =
  /^(html|head|base|basefont|bgsound|link|meta|title|noscript|noframes|style|script|template)$/
/** The elements that have only text in them, in a browser that runs scripts. */
const OF_TEXT = /^(script|style|title|textarea|noscript|noframes|noembed|iframe|xmp)$/
/** In these, `<title>` and `<style>` are as all others, and may be written `<style/>`. */
const FOREIGN = /^(svg|math)$/

/** Reads a page's elements; those in a `<template>` are not in the page. */
export function readElements(html: string): Elements {
  const metas: Attributes[] = []
  const scripts: Attributes[] = []
  let at = 0
  let head: 'open' | 'closed' | 'over' = 'open'
  let templates = 0
  let foreign = 0
  const next = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const found = pattern.exec(html)
    if (found) at = pattern.lastIndex
    return found
  }
  while (at < html.length) {
    if (next(COMMENT)) continue
    const [tag, end, written = ''] = next(TAG) ?? []
    if (!tag) {
      const [text = ''] = next(TEXT) ?? []
      // A no-break space or a stray byte order mark begins the body too.
      if (!templates && /[^\t\n\f\r ]/.test(text)) head = 'over'
      continue
    }
    const name = written.toLowerCase()
    const attributes = new Map<string, string>()
    let empty = false
    for (;;) {
      const [all = '', attribute, ...values] = next(ATTRIBUTE) ?? []
      if (attribute === undefined) {
        empty = all.endsWith('/')
        break
      }
      const key = attribute.toLowerCase()
      // Of two attributes of a name, the first counts.
      if (!attributes.has(key))
        attributes.set(key, decode(values.find((value) => value !== undefined) ?? ''))
    }
    // A tag that the page does not end is none.
    if (html[at++] !== '>') break
    if (end) {
      if (FOREIGN.test(name)) foreign = Math.max(0, foreign - 1)
      if (name === 'template') templates = Math.max(0, templates - 1)
      else if (!templates && /^(body|html|br)$/.test(name)) head = 'over'
      else if (!templates && name === 'head' && head === 'open') head = 'closed'
      continue
    }
    if (!templates) {
      // Behind `</head>` browsers still put the others into the head.
      if (!OF_HEAD.test(name) || (name === 'noscript' && head === 'closed')) head = 'over'
      if (name === 'meta' && head !== 'over') metas.push(attributes)
      if (name === 'script') scripts.push(attributes)
    }
    if (FOREIGN.test(name) && !empty) foreign++
    if (name === 'template') templates++
    if (OF_TEXT.test(name) && !foreign) at = endOfText(html, at, name)
  }
  return { metas, scripts }
}

/** Where the text of an element ends: at its end tag. */
function endOfText(html: string, from: number, name: string): number {
  const endTag = `<\\/${name}(?=[\\s/>])`
  const marks = new RegExp(
    name === 'script' ? `<!(?=--)|-->|<script(?=[\\s/>])|${endTag}` : endTag,
    'gi',
  )
  marks.lastIndex = from
  // Behind `<!--` the text of a script may have a script with its end tag in it.
  let comment = false
  let inner = false
  for (;;) {
    const found = marks.exec(html)
    if (!found) return html.length
    const [mark] = found
    if (mark === '<!') comment = true
    else if (mark === '-->') comment = inner = false
    else if (!mark.startsWith('</')) inner = comment
    else if (inner) inner = false
    else return found.index
  }
}

/** The named characters that a policy may be written with. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ...Object.entries({
    amp: '&',
    AMP: '&',
    quot: '"',
    QUOT: '"',
    lt: '<',
    LT: '<',
    gt: '>',
    GT: '>',
  }),
  ...Object.entries({ apos: "'", ast: '*', colon: ':', comma: ',', equals: '=', lowbar: '_' }),
  ...Object.entries({ NewLine: '\n', num: '#', percnt: '%', period: '.', plus: '+', quest: '?' }),
  ...Object.entries({ semi: ';', sol: '/', Tab: '\t' }),
])
/** Those that need no `;`. */
const UNENDED = /^(amp|quot|lt|gt)$/i

/** Replaces the character references of an attribute's value. */
function decode(value: string): string {
  return value.replace(
    /&(?:#x([\da-f]+);?|#(\d+);?|([a-z]+)(;|(?![\da-z=])))/gi,
    (written: string, hex?: string, decimal?: string, name?: string, end?: string) => {
      if (name) return (end || UNENDED.test(name) ? NAMED.get(name) : undefined) ?? written
      const code = hex ? Number.parseInt(hex, 16) : Number(decimal)
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'
    },
  )
}
