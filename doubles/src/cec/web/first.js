// thirdPartyClient.js: the first script of Token mode. It has the page ask for the second script,
// presumably because only the page knows how it reaches CEC (docs/vendor/huawei.md §2).

const aiccThirdPartyClient = {
  /** The page's own function, with the page's own data; both are globals by these names. */
  start() {
    if (typeof thirdValidate !== 'function') {
      throw new Error('CEC: the page has no function thirdValidate')
    }
    if (typeof thirdUserData !== 'object' || thirdUserData === null) {
      throw new Error('CEC: the page has no object thirdUserData')
    }
    thirdValidate(thirdUserData)
  },
}

aiccThirdPartyClient.start()
