// The documentation site: the same Markdown files that a checkout shows. `cargo xtask docs` copies them to
// target/site/docs, adds the references that tools write, and builds this there.

import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { anchor, siteLink } from './links.mjs'
import { sidebar } from './sidebar.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
/** Where the repository's files can be read; set by `cargo xtask docs` from js/package.json. */
const repository = process.env.CALLDOCK_DOCS_REPOSITORY ?? ''

/** Words of the Chinese text: Chinese has no spaces between them. VitePress sends this function to the page. */
function tokenize(/** @type {string} */ text) {
  if (!/[\u4e00-\u9fff]/.test(text)) return text.split(/[\n\r\p{Z}\p{P}]+/u)
  return [...new Intl.Segmenter('zh', { granularity: 'word' }).segment(text)]
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment }) => segment)
}

/** What the search box says in Chinese. */
const searchInChinese = {
  button: { buttonText: '搜索', buttonAriaLabel: '搜索文档' },
  modal: {
    displayDetails: '显示详细列表',
    resetButtonTitle: '清除查询',
    backButtonTitle: '关闭搜索',
    noResultsText: '没有找到结果：',
    footer: {
      selectText: '选择',
      selectKeyAriaLabel: '回车',
      navigateText: '切换',
      navigateUpKeyAriaLabel: '上箭头',
      navigateDownKeyAriaLabel: '下箭头',
      closeText: '关闭',
      closeKeyAriaLabel: 'Esc',
    },
  },
}

export default defineConfig({
  title: 'Calldock',
  base: process.env.CALLDOCK_DOCS_BASE ?? '/',
  lang: 'en',
  ignoreDeadLinks: false,
  // rustdoc brings licences as Markdown.
  srcExclude: ['public/**'],
  locales: {
    root: {
      label: 'English',
      lang: 'en',
      link: '/en/',
      description: 'Connects web pages to a contact centre.',
      themeConfig: {
        nav: [
          { text: 'Start', link: '/en/' },
          { text: 'Errors', link: '/en/reference/errors' },
          { text: 'Troubleshooting', link: '/en/troubleshooting' },
        ],
        sidebar: sidebar(root, 'en'),
      },
    },
    zh: {
      label: '中文',
      lang: 'zh-CN',
      description: '把网页接入联络中心。',
      themeConfig: {
        nav: [
          { text: '开始', link: '/zh/' },
          { text: '错误码', link: '/zh/reference/errors' },
          { text: '故障排查', link: '/zh/troubleshooting' },
        ],
        sidebar: sidebar(root, 'zh'),
        outline: { label: '本页内容', level: [2, 3] },
        docFooter: { prev: '上一页', next: '下一页' },
        darkModeSwitchLabel: '外观',
        lightModeSwitchTitle: '切换到浅色',
        darkModeSwitchTitle: '切换到深色',
        sidebarMenuLabel: '目录',
        returnToTopLabel: '回到顶部',
        langMenuLabel: '语言',
        skipToContentLabel: '跳到正文',
        notFound: {
          title: '页面不存在',
          quote: '请检查地址，或使用搜索。',
          linkText: '回到首页',
          linkLabel: '回到首页',
        },
      },
    },
  },
  themeConfig: {
    outline: { level: [2, 3] },
    notFound: { quote: 'Check the address, or use the search.', linkText: 'To the start page' },
    search: {
      provider: 'local',
      options: {
        miniSearch: { options: { tokenize } },
        locales: { zh: { translations: searchInChinese } },
      },
    },
  },
  markdown: {
    anchor: { slugifyWithState: (heading, { env }) => anchor(heading, env.relativePath) },
    config(markdown) {
      markdown.core.ruler.push('site-links', ({ tokens, env }) => {
        for (const token of tokens.flatMap(({ children }) => children ?? [])) {
          if (token.type !== 'link_open') continue
          const link = siteLink(env.relativePath, token.attrGet('href') ?? '', repository)
          if (!link) continue
          token.attrSet('href', link.href)
          if (link.target) token.attrSet('target', link.target)
        }
      })
      const { fence } = markdown.renderer.rules
      markdown.renderer.rules.fence = (tokens, index, ...rest) => {
        const { info, content } = tokens[index]
        if (info.trim() !== 'mermaid') return fence(tokens, index, ...rest)
        return `<Diagram source="${encodeURIComponent(content)}" />`
      }
    },
  },
})
