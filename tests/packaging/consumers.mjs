// Every way to build with the package: the tool, the command without a configuration of its own, and the
// form of the core that the page ends up with.

/**
 * @typedef {{
 *   name: string,
 *   tools: 'modern' | 'legacy',
 *   page: string,
 *   build?: string[],
 *   serve?: 'vite' | 'vite-6' | 'vite-5',
 *   engine: 'streaming' | 'buffer' | 'js',
 *   output?: string,
 *   warned?: boolean,
 * }} Consumer `page` is opened from `output`; `warned`: the tool does not copy the wasm file, so that the
 * page takes the JavaScript form and says once what to do.
 */

/** @param {string} tool @param {string[]} args */
const bin = (tool, ...args) => [`node_modules/.bin/${tool}`, ...args]

/** @type {readonly Consumer[]} */
export const CONSUMERS = [
  { name: 'plain module script', tools: 'modern', page: 'plain.html', engine: 'streaming' },
  { name: 'classic script', tools: 'modern', page: 'classic.html', engine: 'streaming' },
  {
    ...{ name: 'Vite 8, build', tools: 'modern', page: 'index.html', engine: 'streaming' },
    build: bin('vite', 'build'),
    output: 'dist',
  },
  {
    ...{ name: 'Vite 6, build', tools: 'modern', page: 'index.html', engine: 'streaming' },
    build: ['node_modules/vite-6/bin/vite.js', 'build'],
    output: 'dist',
  },
  {
    ...{ name: 'Vite 5, build', tools: 'modern', page: 'index.html', engine: 'streaming' },
    build: ['node_modules/vite-5/bin/vite.js', 'build'],
    output: 'dist',
  },
  { name: 'Vite 8, dev', tools: 'modern', page: 'index.html', serve: 'vite', engine: 'streaming' },
  {
    name: 'Vite 6, dev',
    tools: 'modern',
    page: 'index.html',
    serve: 'vite-6',
    engine: 'js',
    warned: true,
  },
  {
    name: 'Vite 5, dev',
    tools: 'modern',
    page: 'index.html',
    serve: 'vite-5',
    engine: 'js',
    warned: true,
  },
  {
    ...{ name: 'webpack 5', tools: 'modern', page: 'built.html', engine: 'streaming' },
    build: bin('webpack', '--mode=production', '--entry=./main.js', '--output-path=dist'),
    output: 'dist',
  },
  {
    ...{ name: 'Rspack', tools: 'modern', page: 'built.html', engine: 'streaming' },
    build: bin('rspack', 'build', '--mode=production', '--entry=./main.js', '--output-path=dist'),
    output: 'dist',
  },
  {
    ...{ name: 'Rollup', tools: 'modern', page: 'built.html', engine: 'js', warned: true },
    build: bin('rollup', 'main.js', '--plugin=node-resolve', '--format=es', '--dir=dist'),
    output: 'dist',
  },
  {
    ...{ name: 'esbuild', tools: 'modern', page: 'built.html', engine: 'js', warned: true },
    build: bin('esbuild', 'main.js', '--bundle', '--format=esm', '--splitting', '--outdir=dist'),
    output: 'dist',
  },
  {
    ...{ name: 'esbuild, one classic script', tools: 'modern', page: 'built.html' },
    ...{ engine: 'js', warned: true, output: 'dist' },
    build: bin('esbuild', 'main.js', '--bundle', '--outdir=dist'),
  },
  {
    ...{ name: 'Parcel 2', tools: 'modern', page: 'index.html', engine: 'streaming' },
    build: bin(
      'parcel',
      'build',
      'index.html',
      '--no-cache',
      '--no-source-maps',
      '--public-url=./',
      // Its own default is beside the nearest manifest.
      '--dist-dir=dist',
    ),
    output: 'dist',
  },
  {
    ...{ name: 'webpack 4 with Vue 2.7', tools: 'legacy', page: 'built.html', engine: 'buffer' },
    build: [
      'node_modules/webpack-cli/bin/cli.js',
      './vue2.js',
      '--mode=production',
      '--output=dist/main.js',
    ],
    output: 'dist',
  },
]
