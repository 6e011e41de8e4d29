// @ts-check
// A signature looked into without a key: whose it is, over what text, and until when.

import { inspectUserSig } from '/node_modules/calldock/tccc.js'
import { fill, h, segmented } from './dom.js'
import { errorCard } from './errors.js'
import { lang, t } from './i18n.js'
import { icon } from './icons.js'
import { head } from './linkcard.js'
import { sample } from './sample.js'

/** @typedef {Awaited<ReturnType<typeof inspectUserSig>>} SigReport */

/** @param {import('./linking.js').Linking} linking */
export function sigCard(linking) {
  const userSig = field('sig-userSig', 'userSig')
  const clientData = field('sig-clientData', 'clientData')
  const result = h('div', { class: 'sig-result', role: 'status', 'data-testid': 'sig-result' })
  let turn = 0
  for (const box of [userSig, clientData]) box.addEventListener('input', look)

  async function look() {
    turn += 1
    const mine = turn
    try {
      const report = await inspectUserSig(userSig.value.trim(), clientData.value || undefined)
      if (mine === turn) fill(result, ...verdict(report))
    } catch (error) {
      if (mine === turn) fill(result, errorCard(error, { compact: true }))
    }
  }

  /** @param {{ userSig?: string | undefined, clientData?: string | undefined } | undefined} signed */
  function show(signed) {
    userSig.value = signed?.userSig ?? ''
    clientData.value = signed?.clientData ?? ''
    if (userSig.value) return void look()
    turn += 1
    fill(result, h('p', {}, t('sig.none')))
  }

  let own = false
  linking.watch(({ login }) => {
    if (own) show(login)
  })
  show(sample)
  return h(
    'section',
    {
      class: 'card signature',
      id: 'signature',
      'aria-labelledby': 'signature-title',
      tabindex: -1,
    },
    head(4, 'signature', t('sig.title'), t('sig.sub')),
    h(
      'div',
      { class: 'sig-body' },
      segmented({
        name: 'sig-which',
        label: t('sig.which'),
        value: 'sample',
        options: [
          { value: 'sample', text: t('sig.sample') },
          { value: 'own', text: t('sig.own') },
        ],
        onchange: (which) => {
          own = which === 'own'
          show(own ? linking.state.login : sample)
        },
      }),
      h('label', { class: 'field' }, h('span', { class: 'field-name' }, t('sig.userSig')), userSig),
      h(
        'label',
        { class: 'field' },
        h('span', { class: 'field-name' }, t('sig.clientData')),
        clientData,
      ),
      result,
    ),
  )
}

/** @param {string} testid @param {string} name */
function field(testid, name) {
  return h('textarea', {
    class: 'text',
    rows: 3,
    spellcheck: 'false',
    autocomplete: 'off',
    name,
    'data-testid': testid,
  })
}

/** @param {SigReport} report */
function verdict({ faults, uid, sdkAppId, issuedAt, expiresAt, clientData }) {
  const values = { uid, when: day(expiresAt) }
  return [
    h(
      'ul',
      { class: 'sig-faults' },
      ...faults.map((fault) =>
        h(
          'li',
          { class: 'sig-fault', 'data-testid': `sig-${fault}` },
          icon('alert'),
          h('b', {}, t(`sig.${fault}`)),
          h('span', {}, t(`sig.${fault}Text`, values)),
        ),
      ),
      faults.length === 0 &&
        h(
          'li',
          { class: 'sig-fault good', 'data-testid': 'sig-good' },
          icon('check'),
          h('b', {}, t('sig.good')),
        ),
    ),
    h(
      'dl',
      { class: 'parts' },
      ...part(t('sig.uid'), h('code', {}, uid)),
      ...part(t('sig.app'), h('code', {}, sdkAppId)),
      ...part(t('sig.life'), t('sig.lifeText', { from: day(issuedAt), to: day(expiresAt) })),
      ...part(
        t('sig.text'),
        clientData === null ? t('sig.noText') : h('code', { class: 'wrap' }, clientData),
      ),
    ),
  ]
}

/** @param {string} name @param {import('./dom.js').Child} value */
const part = (name, value) => [h('dt', {}, name), h('dd', {}, value)]

const moment = new Intl.DateTimeFormat(lang === 'zh' ? 'zh-CN' : 'en-GB', {
  dateStyle: 'medium',
  timeStyle: 'short',
})

/** @param {number} seconds since 1970 */
const day = (seconds) => moment.format(seconds * 1000)
