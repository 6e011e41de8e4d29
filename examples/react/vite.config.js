import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  // Two pages; nothing here is for Calldock.
  build: { rolldownOptions: { input: ['index.html', 'pop.html'] } },
  // The login comes from calldock-server, under the page's own origin. An object keeps the page's Host; for a plain
  // string Vite replaces it, and the server refuses some browsers.
  server: { proxy: { '/calldock/': { target: 'http://127.0.0.1:8700' } } },
})
