// How it looks. A constructed sheet: no policy for styles has anything to refuse.

import { h } from './dom.js'

const CSS = `
:host {
  display: block;
  height: 100%;
  min-height: 0;
  --bg: #fff; --sunken: #f5f7f9; --line: #dde3e9; --line-strong: #c3ccd6;
  --ink: #101c2b; --ink-2: #435266; --ink-3: #566476; --focus: #1769e0;
  --grey: #e9edf1; --accent: #0b6b66; --accent-soft: #e0f2ef;
  --amber: #9a4f00; --amber-soft: #fff1dc; --green: #14713b; --green-soft: #e2f5e8;
  --red: #b3261e; --red-soft: #fdecea; --blue: #1f5fbf; --blue-soft: #e6effc;
  --violet: #6b3fb5; --violet-soft: #f0e9fb; --pink: #a02565; --pink-soft: #fce8f2;
  --shadow: 0 -2px 24px rgb(16 28 43 / 14%);
  --sans: -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'Liberation Sans',
    'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', Arial, sans-serif;
  --mono: ui-monospace, 'SF Mono', 'Cascadia Mono', Consolas, 'Liberation Mono',
    'Noto Sans Mono CJK SC', monospace;
}
@media (prefers-color-scheme: dark) {
  :host {
    --bg: #131c26; --sunken: #0f1720; --line: #243140; --line-strong: #3a4a5c;
    --ink: #e9eff6; --ink-2: #b4c1cf; --ink-3: #8c9db0; --focus: #7db4ff;
    --grey: #1f2a36; --accent: #4fd1c1; --accent-soft: #11302f;
    --amber: #ffc06a; --amber-soft: #33240f; --green: #6fdd9a; --green-soft: #10301d;
    --red: #ff9d94; --red-soft: #3a1815; --blue: #8bbcff; --blue-soft: #14273f;
    --violet: #c4a4ff; --violet-soft: #261b3d; --pink: #ff9fcb; --pink-soft: #3a1529;
    --shadow: 0 -2px 24px rgb(0 0 0 / 50%);
  }
}
*, *::before, *::after { box-sizing: border-box; }
[hidden][hidden] { display: none; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: -2px; }
ol, dl, dd, p { margin: 0; padding: 0; }
ol { list-style: none; }
button, input { margin: 0; color: inherit; font: inherit; }

.panel {
  all: initial;
  box-sizing: border-box;
  display: flex;
  flex-direction: column;
  height: 100%;
  min-height: 0;
  position: relative;
  container-type: inline-size;
  color-scheme: light dark;
  background: var(--bg);
  color: var(--ink);
  font: 400 13px / 1.5 var(--sans);
  text-align: start;
}
.panel.docked {
  position: fixed;
  inset: auto 0 0;
  z-index: 2147483647;
  height: min(var(--height), 100vh - 40px);
  border-top: 1px solid var(--line-strong);
  box-shadow: var(--shadow);
}
.panel.collapsed {
  inset: auto auto 10px 10px;
  height: auto;
  border: 1px solid var(--line-strong);
  border-radius: 10px;
  container-type: normal;
}
.collapsed .tools, .collapsed .search, .collapsed .chips, .collapsed .box, .collapsed .edge { display: none; }

.edge { position: absolute; inset: -4px 0 auto; height: 8px; cursor: ns-resize; touch-action: none; }
.edge:hover, .edge:focus-visible { background: var(--focus); outline: none; opacity: 0.55; }

header {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 6px 8px;
  padding: 6px 10px;
  border-bottom: 1px solid var(--line);
}
.docked .search { margin-right: 36px; }
.collapsed header { padding: 3px 40px 3px 4px; border: 0; }
.title {
  display: flex;
  align-items: center;
  gap: 6px;
  height: 30px;
  padding: 0 8px;
  border: 0;
  border-radius: 8px;
  background: none;
  font-weight: 650;
  white-space: nowrap;
  cursor: pointer;
}
.title .count { display: none; padding: 1px 7px; border-radius: 99px; background: var(--grey); opacity: 1; }
.collapsed .title .count:not(:empty) { display: inline; }
.title .count.wrong { background: var(--red-soft); color: var(--red); }
.tools { display: flex; gap: 2px; }
.tool {
  display: flex;
  align-items: center;
  justify-content: center;
  gap: 4px;
  min-width: 30px;
  height: 30px;
  padding: 0 6px;
  border: 0;
  border-radius: 8px;
  background: none;
  color: var(--ink-2);
  font-size: 12px;
  font-weight: 600;
  cursor: pointer;
}
.tool:hover, .title:hover { background: var(--sunken); color: var(--ink); }
.pause[aria-pressed='true'] { background: var(--amber-soft); color: var(--amber); }
.close { position: absolute; top: 6px; right: 10px; }
.collapsed .close { top: 3px; right: 4px; }
svg {
  flex: none;
  width: 16px;
  height: 16px;
  fill: none;
  stroke: currentcolor;
  stroke-width: 1.8;
  stroke-linecap: round;
  stroke-linejoin: round;
}
.search {
  display: flex;
  align-items: center;
  flex: 1 1 120px;
  gap: 6px;
  min-width: 0;
  height: 28px;
  padding: 0 8px;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--sunken);
  color: var(--ink-3);
}
.search svg { width: 14px; height: 14px; }
.search:focus-within { border-color: var(--focus); box-shadow: 0 0 0 1px var(--focus); }
.search input {
  flex: 1;
  min-width: 0;
  padding: 0;
  border: 0;
  outline: 0;
  background: none;
  color: var(--ink);
  font-size: 12.5px;
}
.search input::placeholder { color: var(--ink-3); opacity: 1; }

.chips { display: flex; flex-wrap: wrap; flex-basis: 100%; gap: 4px; }
.chip {
  display: inline-flex;
  align-items: center;
  flex: none;
  gap: 5px;
  min-height: 24px;
  padding: 1px 8px;
  border: 1px solid transparent;
  border-radius: 99px;
  background: var(--grey);
  color: var(--ink-2);
  font-size: 12px;
  font-weight: 600;
  white-space: nowrap;
  cursor: pointer;
}
.chip:not(.vacant, [data-kind='all']) { background: var(--soft); color: var(--tone); }
.chip.vacant { border-color: var(--line); background: none; color: var(--ink-3); }
.chip:hover { border-color: var(--line-strong); }
.count { opacity: 0.8; font: 11px var(--mono); }
.count:empty { display: none; }
.chip[aria-pressed='true'][aria-pressed] { border-color: var(--ink); background: var(--ink); color: var(--bg); }
@container (min-width: 1400px) {
  .search { flex: 0 1 200px; }
  .docked .search { margin: 0; }
  .chips { flex: 1; }
  .docked .chips { margin-right: 36px; }
}
@container (max-width: 519px) {
  .docked .search { flex-basis: 100%; margin: 0; }
}
@container (max-width: 419px) {
  .chips { flex-wrap: nowrap; overflow-x: auto; scrollbar-width: none; margin: 0 -10px; padding: 2px 10px; }
}

.box { position: relative; flex: 1; min-height: 0; }
ol { position: absolute; inset: 0; overflow-y: auto; overscroll-behavior: contain; }
.nothing {
  position: absolute;
  inset: 0;
  display: grid;
  place-items: center;
  padding: 24px;
  color: var(--ink-3);
  text-align: center;
}
.toast {
  position: absolute;
  bottom: 12px;
  left: 50%;
  max-width: 90%;
  padding: 5px 14px;
  border-radius: 99px;
  background: var(--ink);
  color: var(--bg);
  font-size: 12px;
  transform: translateX(-50%);
  pointer-events: none;
}
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

[data-kind] { --tone: var(--ink-3); --soft: var(--grey); }
[data-kind='login'] { --tone: var(--blue); --soft: var(--blue-soft); }
[data-kind='script'], [data-kind='message'] { --tone: var(--violet); --soft: var(--violet-soft); }
[data-kind='workbench'], [data-kind='event'] { --tone: var(--accent); --soft: var(--accent-soft); }
[data-kind='call'] { --tone: var(--green); --soft: var(--green-soft); }
[data-kind='hash'] { --tone: var(--amber); --soft: var(--amber-soft); }
[data-kind='app'] { --tone: var(--pink); --soft: var(--pink-soft); }
[data-kind='error'] { --tone: var(--red); --soft: var(--red-soft); }

.entry {
  border-bottom: 1px solid var(--line);
  box-shadow: inset 3px 0 0 var(--tone);
  content-visibility: auto;
  contain-intrinsic-size: auto 29px;
}
.entry[data-kind='error'] { background: var(--red-soft); }
summary {
  display: grid;
  grid-template-columns: 62px 64px minmax(0, auto) minmax(0, 1fr);
  align-items: baseline;
  gap: 8px;
  padding: 4px 12px 4px 6px;
  cursor: pointer;
  list-style: none;
}
.entry[data-frame=''] summary { grid-template-columns: 62px 80px minmax(0, auto) minmax(0, 1fr); }
summary::-webkit-details-marker { display: none; }
summary:hover { background: var(--sunken); }
time { color: var(--ink-3); font: 11.5px var(--mono); text-align: right; }
.badge {
  justify-self: start;
  max-width: 100%;
  overflow: hidden;
  padding: 0 7px;
  border-radius: 5px;
  background: var(--soft);
  color: var(--tone);
  font-size: 11.5px;
  font-weight: 600;
  text-overflow: ellipsis;
  white-space: nowrap;
}
code { overflow: hidden; font: 12.5px var(--mono); text-overflow: ellipsis; white-space: nowrap; }
.brief { overflow: hidden; color: var(--ink-3); font-size: 12px; text-overflow: ellipsis; white-space: nowrap; }
dl {
  display: grid;
  grid-template-columns: minmax(80px, auto) minmax(0, 1fr);
  gap: 3px 14px;
  padding: 8px 14px 12px 20px;
  background: var(--sunken);
  font: 12px / 1.55 var(--mono);
}
dt { color: var(--ink-3); }
dd { overflow-wrap: anywhere; }
@media (forced-colors: active) { .chip[aria-pressed='true'][aria-pressed] { forced-color-adjust: none; } }
@media print { .docked { display: none; } }
`

/** A document takes no sheet of another one. */
const sheets = new WeakMap<Document, CSSStyleSheet>()

/**
 * Adds the style to an inspector's root, in the document that it is in: by one sheet for all inspectors, which no
 * policy refuses, else by an element with the page's nonce.
 *
 * @internal
 */
export function addStyle(root: ShadowRoot): void {
  const document = root.ownerDocument
  try {
    let sheet = sheets.get(document)
    if (!sheet) {
      const { CSSStyleSheet } = document.defaultView as Window & typeof globalThis
      sheet = new CSSStyleSheet()
      sheet.replaceSync(CSS)
      sheets.set(document, sheet)
    }
    root.adoptedStyleSheets = [sheet]
  } catch {
    // Safari before 16.4 and Firefox before 101 make no sheets.
    if (root.querySelector('style')) return
    const element = h('style', {}, CSS)
    element.nonce = document.querySelector<HTMLElement>('[nonce]')?.nonce ?? ''
    root.append(element)
  }
}
