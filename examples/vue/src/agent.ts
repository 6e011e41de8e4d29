// The agent's page.

import { createCalldock } from 'calldock/vue'
import { createApp } from 'vue'
import AgentDesk from './AgentDesk.vue'

createApp(AgentDesk)
  .use(createCalldock({ login: '/calldock/v1/tccc/login' }))
  .mount('#app')
