const { fakeParent } = require('calldock/testing')
const { callOut, onScreenPop } = require('calldock/tccc')

test('the page shows the caller and calls back', async () => {
  const parent = fakeParent()
  const popped = new Promise((resolve) => onScreenPop((call) => resolve(call.mobile)))
  parent.pop({ mobile: '13800000000', type: 'phone', status: '100' })
  expect(await popped).toBe('13800000000')
  await callOut('13800000000')
  expect((await parent.expectCallOut()).phoneNumber).toBe('13800000000')
  parent.restore()
})
