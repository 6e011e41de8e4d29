// The page that the workbench shows in a frame while a customer calls.

import { createApp } from 'vue'
import ScreenPop from './ScreenPop.vue'

createApp(ScreenPop).mount('#app')
