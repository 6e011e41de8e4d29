// Vue 2.7 with webpack 4, as most public integrations of TCCC are built: what a component returns from
// `data` becomes accessors, and goes into the call as it is.

import { ready } from 'calldock'
import { openChat } from 'calldock/cec'
import { callOut, currentCall } from 'calldock/tccc'
import Vue from 'vue/dist/vue.runtime.esm.js'

const element = document.createElement('div')
document.body.append(element)
window.result = new Promise((resolve, reject) => {
  new Vue({
    data: () => ({ call: null, dial: { phoneNumber: '10086' } }),
    async mounted() {
      try {
        // The other entries are found too: `calldock/cec` is a script, and not the wasm file of that name.
        const refused = await openChat({}).catch(({ code }) => code)
        if (refused !== 'INVALID_OPTION') throw new Error(`openChat: ${refused}`)
        const engine = await ready({ roles: ['frame'] })
        this.call = await currentCall()
        const options = { allowParents: [location.origin], timeoutMs: 10000 }
        const { targetOrigin } = await callOut(this.dial, options)
        const { mobile, status } = this.call
        resolve({ engine, mobile, status, targetOrigin })
      } catch (error) {
        reject(error)
      }
    },
    render(h) {
      return h('p', this.call ? this.call.mobile : '')
    },
  }).$mount(element)
})
