// What `npx calldock init` writes: a page for each role, in each framework.

import { say } from './language.js'
import {
  CHAT_LOCALE,
  COLON,
  LANG,
  POP_NUMBER,
  POP_STATUS,
  POP_STATUSES,
  TITLE,
  translated,
  translations,
  WORDS,
} from './words.js'

export const ROLES = ['host', 'pop', 'cec-chat', 'tccc-chat'] as const
export const FRAMEWORKS = ['vite', 'react', 'vue', 'html'] as const

export type Role = (typeof ROLES)[number]
export type Framework = (typeof FRAMEWORKS)[number]

/** The files of a page by their names. */
export function files(role: Role, framework: Framework, version: string): Record<string, string> {
  if (framework === 'html')
    return {
      'package.json': manifest(role, version, {}),
      'index.html': page(role, BODY[role], classic(role)),
      'serve.mjs': SERVE,
    }
  const common = {
    'package.json': manifest(role, version, TOOLS[framework]),
    'vite.config.js': viteConfig(framework),
  }
  if (framework === 'vite')
    return {
      ...common,
      'tsconfig.json': tsconfig(framework),
      'index.html': page(role, BODY[role], '<script type="module" src="/src/main.ts"></script>'),
      'src/main.ts': MODULE[role],
    }
  const main = framework === 'react' ? 'src/main.tsx' : 'src/main.ts'
  const shell = page(role, '<div id="app"></div>', `<script type="module" src="/${main}"></script>`)
  return framework === 'react'
    ? {
        ...common,
        'tsconfig.json': tsconfig(framework),
        'index.html': shell,
        [main]: REACT_MAIN,
        'src/app.tsx': REACT[role],
      }
    : { ...common, 'index.html': shell, [main]: vueMain(role), 'src/App.vue': VUE[role] }
}

/** The versions that were tried with this version of the package. */
const TOOLS: Readonly<Record<Exclude<Framework, 'html'>, Record<string, string>>> = {
  vite: { typescript: '^6.0.0', vite: '^8.0.0' },
  react: {
    '@types/react': '^19.0.0',
    '@types/react-dom': '^19.0.0',
    '@vitejs/plugin-react': '^6.0.0',
    react: '^19.0.0',
    'react-dom': '^19.0.0',
    typescript: '^6.0.0',
    vite: '^8.0.0',
  },
  vue: { '@vitejs/plugin-vue': '^6.0.0', vite: '^8.0.0', vue: '^3.5.0' },
}

function manifest(role: Role, version: string, tools: Record<string, string>): string {
  const names = { calldock: `^${version}`, ...tools }
  const scripts = {
    ...('vite' in tools && { dev: 'vite', build: 'vite build' }),
    ...('typescript' in tools && { typecheck: 'tsc --noEmit' }),
  }
  return `${JSON.stringify(
    { name: `calldock-${role}`, private: true, type: 'module', scripts, dependencies: names },
    null,
    2,
  )}\n`
}

function tsconfig(framework: Framework): string {
  const compilerOptions = {
    ...{ strict: true, target: 'es2022', module: 'esnext', moduleResolution: 'bundler' },
    ...{ lib: ['es2022', 'dom', 'dom.iterable'], types: [], noEmit: true },
    ...(framework === 'react' && { jsx: 'react-jsx' }),
  }
  return `${JSON.stringify({ compilerOptions, include: ['src'] }, null, 2)}\n`
}

function viteConfig(framework: Framework): string {
  const plugin = framework === 'vite' ? undefined : framework
  return `import { defineConfig } from 'vite'
${plugin ? `import ${plugin} from '@vitejs/plugin-${plugin}'\n` : ''}
export default defineConfig({
${plugin ? `  plugins: [${plugin}()],\n` : ''}  // ${say(
    "During development, logins and CEC come from the servers on this machine, under the page's own origin.",
    '开发时，登录凭证与 CEC 由本机的服务提供，与页面同源。',
  )}
  // ${say(
    'Objects keep the Host that the page has; for a plain string Vite replaces it, and the server refuses some browsers.',
    '写成对象时保留页面的 Host；写成字符串时 Vite 会改写它，服务端会因此拒绝部分浏览器。',
  )}
  server: {
    proxy: {
      '/calldock/': { target: 'http://127.0.0.1:8700' },
      '/service-cloud/': { target: 'http://127.0.0.1:8704', ws: true },
    },
  },
})
`
}

function page(role: Role, body: string, script: string): string {
  return `<!doctype html>
<html lang="${LANG}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>${TITLE[role]}</title>
    <link rel="icon" href="data:,">
  </head>
  <body>
    <h1>${TITLE[role]}</h1>
    ${body}
    ${script}
  </body>
</html>
`
}

const CHAT_BODY = `<button id="chat" type="button">${WORDS.chat}</button>
    <p id="error" role="alert"></p>`

const BODY: Readonly<Record<Role, string>> = {
  host: `<p id="status" role="status">${WORDS.opening}</p>
    <form id="dial"><label>${WORDS.number} <input name="number" type="tel" required></label> <button>${WORDS.call}</button></form>
    <ul id="calls"></ul>`,
  pop: `<p id="customer" role="status">${WORDS.noCall}</p>
    <button id="call" type="button">${WORDS.callBack}</button>
    <p id="error" role="alert"></p>`,
  'cec-chat': CHAT_BODY,
  'tccc-chat': CHAT_BODY,
}

/** The script of a page, without its imports. */
const SCRIPT: Readonly<Record<Role, string>> = {
  host: `${translations('direction', 'state')}const status = document.querySelector('#status')
const dial = document.querySelector('#dial')
const list = document.querySelector('#calls')

try {
  const workbench = await openWorkbench({ login: '/calldock/v1/tccc/login' })
  status.textContent = \`${WORDS.openFor}\${workbench.agentId}\`
  workbench.sessions.subscribe(() => {
    list.replaceChildren(
      ...workbench.sessions.list.map((call) => {
        const row = document.createElement('li')
        row.textContent = \`\${${translated('direction', 'call.direction')}} \${${translated('state', 'call.state')}} \${call.callerPhoneNumber ?? call.calleePhoneNumber ?? ''}\`
        return row
      }),
    )
  })
  dial.addEventListener('submit', async (event) => {
    event.preventDefault()
    const phoneNumber = String(new FormData(dial).get('number'))
    try {
      await workbench.call.startOutbound({ phoneNumber })
    } catch (error) {
      status.textContent = isCalldockError(error) ? \`\${error.message} \${error.remedy}\` : String(error)
    }
  })
} catch (error) {
  status.textContent = isCalldockError(error) ? \`\${error.message} \${error.remedy}\` : String(error)
}
`,
  pop: `${POP_STATUSES}const customer = document.querySelector('#customer')
const button = document.querySelector('#call')
const alert = document.querySelector('#error')
let number = ''

onScreenPop((call) => {
  number = call.mobile ?? ''
  customer.textContent = \`\${${POP_STATUS}}${COLON}\${${POP_NUMBER}}\`
})
button.addEventListener('click', async () => {
  alert.textContent = ''
  try {
    // ${say(
      "Posted to the vendor's workbenches only; a host page of your own is added by allowParents.",
      '只发送给厂商的工作台；自有的宿主页面由 allowParents 加入。',
    )}
    await callOut(number)
  } catch (error) {
    alert.textContent = isCalldockError(error) ? \`\${error.message} \${error.remedy}\` : String(error)
  }
})
`,
  'cec-chat': `const button = document.querySelector('#chat')
const alert = document.querySelector('#error')

button.addEventListener('click', async () => {
  alert.textContent = ''
  try {
    await openChat({ login: '/calldock/v1/cec/login', contextPath: '/service-cloud', locale: '${CHAT_LOCALE}' })
  } catch (error) {
    alert.textContent = isCalldockError(error) ? \`\${error.message} \${error.remedy}\` : String(error)
  }
})
`,
  'tccc-chat': `const button = document.querySelector('#chat')
const alert = document.querySelector('#error')

button.addEventListener('click', async () => {
  alert.textContent = ''
  try {
    await openChatWindow({ login: '/calldock/v1/tccc/chat', title: '${TITLE['tccc-chat']}' })
  } catch (error) {
    alert.textContent = isCalldockError(error) ? \`\${error.message} \${error.remedy}\` : String(error)
  }
})
`,
}

/** What a role imports: from which entry, which names. */
const IMPORTS: Readonly<Record<Role, readonly [entry: string, names: readonly string[]]>> = {
  host: ['calldock/tccc', ['openWorkbench']],
  pop: ['calldock/tccc', ['callOut', 'onScreenPop']],
  'cec-chat': ['calldock/cec', ['openChat']],
  'tccc-chat': ['calldock/tccc', ['openChatWindow']],
}

/** The script as a TypeScript module: elements are there, as the page above has them. */
function module(role: Role): string {
  const [entry, names] = IMPORTS[role]
  const typed = SCRIPT[role].replace(
    /document\.querySelector\('(#[a-z]+)'\)/g,
    (_, selector: string) =>
      selector === '#dial'
        ? `document.querySelector<HTMLFormElement>('${selector}')!`
        : `document.querySelector<HTMLElement>('${selector}')!`,
  )
  return `import { isCalldockError } from 'calldock'
import { ${names.join(', ')} } from '${entry}'

${typed}`
}

const MODULE: Readonly<Record<Role, string>> = {
  host: module('host'),
  pop: module('pop'),
  'cec-chat': module('cec-chat'),
  'tccc-chat': module('tccc-chat'),
}

/** The script for a page without a bundler. */
function classic(role: Role): string {
  const names = [...IMPORTS[role][1], 'isCalldockError']
  const body = `const { ${names.join(', ')} } = calldock\n${SCRIPT[role]}`
  const inner = body.trimEnd().replace(/^(?=.)/gm, '        ')
  return `<script src="/node_modules/calldock/global.js"></script>
    <script>
      ;(async () => {
${inner}
      })()
    </script>`
}

const REACT_MAIN = `import { createRoot } from 'react-dom/client'
import { App } from './app'

createRoot(document.querySelector('#app')!).render(<App />)
`

/** A React component with a button that opens a chat. */
function reactChat(role: 'cec-chat' | 'tccc-chat'): string {
  const [entry, [name]] = IMPORTS[role]
  return `import { isCalldockError } from 'calldock'
import { ${name} } from '${entry}'
import { useState } from 'react'

export function App() {
  const [error, setError] = useState('')
  const open = async () => {
    setError('')
    try {
      await ${CHAT_CALL[role]}
    } catch (error) {
      setError(isCalldockError(error) ? \`\${error.message} \${error.remedy}\` : String(error))
    }
  }
  return (
    <>
      <button type="button" onClick={open}>${WORDS.chat}</button>
      <p role="alert">{error}</p>
    </>
  )
}
`
}

const CHAT_CALL = {
  'cec-chat': `openChat({ login: '/calldock/v1/cec/login', contextPath: '/service-cloud', locale: '${CHAT_LOCALE}' })`,
  'tccc-chat': `openChatWindow({ login: '/calldock/v1/tccc/chat', title: '${TITLE['tccc-chat']}' })`,
} as const

/** A part of a file, with an empty line after it where it is there. */
function paragraph(text: string): string {
  return text && `${text}\n`
}

const REACT: Readonly<Record<Role, string>> = {
  host: `import { isCalldockError } from 'calldock'
import { useCalls, useWorkbench, WorkbenchProvider } from 'calldock/react'
import { useState } from 'react'

${paragraph(translations('state', 'status'))}export function App() {
  return (
    <WorkbenchProvider login="/calldock/v1/tccc/login">
      <Calls />
    </WorkbenchProvider>
  )
}

function Calls() {
  const { status, workbench, error, retry } = useWorkbench()
  const calls = useCalls()
  const [failed, setFailed] = useState('')
  const show = (error: unknown) =>
    setFailed(isCalldockError(error) ? \`\${error.message} \${error.remedy}\` : String(error))
  return (
    <>
      <p role="status">{${translated('status', 'status')}} {workbench?.agentId}</p>
      {error && <button type="button" onClick={retry}>{error.message} {error.remedy}</button>}
      <p role="alert">{failed}</p>
      <ul>
        {calls.map((call) => (
          <li key={call.sessionId}>
            {${translated('state', 'call.state')}} {call.callerPhoneNumber ?? call.calleePhoneNumber}
            {call.state === 'ringing' && call.direction !== 'outbound' && (
              <button type="button" onClick={() => call.accept().catch(show)}>${WORDS.answer}</button>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}
`,
  pop: `import { useCallOut, useScreenPop } from 'calldock/react'

${paragraph(POP_STATUSES)}export function App() {
  const call = useScreenPop()
  const { callOut, pending, error } = useCallOut()
  if (!call) return <p role="status">${WORDS.noCall}</p>
  return (
    <>
      <p role="status">{${POP_STATUS}}${COLON}{${POP_NUMBER}}</p>
      <button type="button" disabled={pending || !call.mobile} onClick={() => callOut(call.mobile!)}>
        ${WORDS.callBack}
      </button>
      {error && <p role="alert">{error.message} {error.remedy}</p>}
    </>
  )
}
`,
  'cec-chat': reactChat('cec-chat'),
  'tccc-chat': reactChat('tccc-chat'),
}

function vueMain(role: Role): string {
  const host = role === 'host'
  return `${host ? "import { createCalldock } from 'calldock/vue'\n" : ''}import { createApp } from 'vue'
import App from './App.vue'

createApp(App)${host ? ".use(createCalldock({ login: '/calldock/v1/tccc/login' }))" : ''}.mount('#app')
`
}

/** Part of a Vue component: waits for an action and shows how it failed. */
const VUE_ATTEMPT = `const failed = ref('')

async function attempt(action: Promise<unknown>) {
  failed.value = ''
  try {
    await action
  } catch (error) {
    failed.value = isCalldockError(error) ? \`\${error.message} \${error.remedy}\` : String(error)
  }
}
`

/** A Vue component with a button that opens a chat. */
function vueChat(role: 'cec-chat' | 'tccc-chat'): string {
  const [entry, [name]] = IMPORTS[role]
  return `<script setup lang="ts">
import { isCalldockError } from 'calldock'
import { ${name} } from '${entry}'
import { ref } from 'vue'

${VUE_ATTEMPT}
const open = () => attempt(${CHAT_CALL[role]})
</script>

<template>
  <button type="button" @click="open">${WORDS.chat}</button>
  <p role="alert">{{ failed }}</p>
</template>
`
}

const VUE: Readonly<Record<Role, string>> = {
  host: `<script setup lang="ts">
import { isCalldockError } from 'calldock'
import { useCalls, useWorkbench } from 'calldock/vue'
import { ref } from 'vue'

${translations('state', 'status')}const { status, workbench, error, retry } = useWorkbench()
const calls = useCalls()
${VUE_ATTEMPT}</script>

<template>
  <p role="status">{{ ${translated('status', 'status')} }} {{ workbench?.agentId }}</p>
  <button v-if="error" type="button" @click="retry">{{ error.message }} {{ error.remedy }}</button>
  <ul>
    <li v-for="call in calls" :key="call.sessionId">
      {{ ${translated('state', 'call.state')} }} {{ call.callerPhoneNumber ?? call.calleePhoneNumber }}
      <button v-if="call.state === 'ringing' && call.direction !== 'outbound'" type="button" @click="attempt(call.accept())">${WORDS.answer}</button>
    </li>
  </ul>
  <p role="alert">{{ failed }}</p>
</template>
`,
  pop: `<script setup lang="ts">
import { useCallOut, useScreenPop } from 'calldock/vue'

${POP_STATUSES}const call = useScreenPop()
const { callOut, pending, error } = useCallOut()
</script>

<template>
  <p role="status">{{ call ? \`\${${POP_STATUS}}${COLON}\${${POP_NUMBER}}\` : '${WORDS.noCall}' }}</p>
  <button type="button" :disabled="pending || !call?.mobile" @click="callOut(call!.mobile!)">
    ${WORDS.callBack}
  </button>
  <p v-if="error" role="alert">{{ error.message }} {{ error.remedy }}</p>
</template>
`,
  'cec-chat': vueChat('cec-chat'),
  'tccc-chat': vueChat('tccc-chat'),
}

const SERVE = `// ${say(
  'Serves this folder for a trial, with logins and CEC from the servers on this machine: node serve.mjs [port]',
  '试用时提供本目录的文件，登录凭证与 CEC 由本机的服务提供：node serve.mjs [端口]',
)}
import { readFile } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import { connect } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('.', import.meta.url))
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' }
const SERVERS = { '/calldock/': 8700, '/service-cloud/': 8704 }
const TEXT = { 'content-type': 'text/plain; charset=utf-8' }

// ${say('Nothing where the address of a request cannot be read, such as "//".', '无法解析请求地址（例如“//”）时为空。')}
function pathOf(incoming) {
  try {
    return new URL(incoming.url ?? '/', 'http://localhost').pathname
  } catch {
    return undefined
  }
}
const portOf = (path) => Object.entries(SERVERS).find(([prefix]) => path.startsWith(prefix))?.[1]

const server = createServer(async (incoming, response) => {
  const pathname = pathOf(incoming)
  if (!pathname) {
    response.writeHead(400, TEXT).end('${say('Bad request', '请求有误')}')
    return
  }
  const port = portOf(pathname)
  if (port) {
    const { url: path, method } = incoming
    // ${say('Node.js throws where a trailer is announced for a body without chunks.', '请求体未分块却声明 Trailer 时，Node.js 会抛出异常。')}
    const { trailer, ...headers } = incoming.headers
    const onward = request({ host: '127.0.0.1', port, path, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => {
      if (response.headersSent) response.destroy()
      else response.writeHead(502, TEXT).end(\`${say('No server listens on port', '没有服务监听端口')} \${port}\`)
    })
    incoming.pipe(onward)
    return
  }
  try {
    const file = normalize(pathname.endsWith('/') ? \`\${pathname}index.html\` : pathname)
    if (/(^|[\\\\/])\\.\\.([\\\\/]|$)/.test(file)) throw new Error('outside of the folder')
    const body = await readFile(join(ROOT, file))
    const type = TYPES[extname(file)] ?? 'application/octet-stream'
    response.writeHead(200, { 'content-type': type }).end(body)
  } catch {
    response.writeHead(404, TEXT).end('${say('Not found', '未找到')}')
  }
})
// ${say("CEC's messages come by a WebSocket.", 'CEC 的消息经由 WebSocket。')}
server.on('upgrade', (incoming, socket) => {
  const { method, url, rawHeaders } = incoming
  const port = portOf(pathOf(incoming) ?? '')
  socket.on('error', () => socket.destroy())
  if (!port) {
    socket.end('HTTP/1.1 404 Not Found\\r\\nConnection: close\\r\\n\\r\\n')
    return
  }
  const onward = connect(port, '127.0.0.1', () => {
    const headers = rawHeaders.map((text, at) => (at % 2 ? \`\${text}\\r\\n\` : \`\${text}: \`))
    onward.write(\`\${method} \${url} HTTP/1.1\\r\\n\${headers.join('')}\\r\\n\`)
    onward.pipe(socket).pipe(onward)
  })
  onward.on('error', () => socket.destroy())
  socket.on('close', () => onward.destroy())
})
server.listen(Number(process.argv[2] ?? 8080), '127.0.0.1', () => {
  console.log(\`http://localhost:\${server.address().port}/\`)
})
`
