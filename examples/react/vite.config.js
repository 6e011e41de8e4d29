import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  // Two pages; nothing here is for Calldock.
  build: { rolldownOptions: { input: ['index.html', 'pop.html'] } },
  // The login comes from calldock-server, under the page's own origin.
  server: { proxy: { '/calldock/': 'http://127.0.0.1:8700' } },
})
