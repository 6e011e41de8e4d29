import { work } from './sub.js'

// What qiankun looks for: the lifecycle functions under the application's name.
window.sub = {
  bootstrap: async () => {},
  mount: async ({ done, ...rest }) => done(await work(rest)),
  unmount: async () => {},
}
