/** @jest-environment node */

const { engine, isCalldockError } = require('calldock')
const { fakeWorkbench } = require('calldock/testing')

test('a failed login has its code, and the next one opens', async () => {
  expect(typeof window).toBe('undefined')
  const fake = fakeWorkbench()
  fake.failOpen('LOGIN_FAILED')
  const failure = await fake.open().catch((error) => error)
  expect(isCalldockError(failure) && failure.code).toBe('LOGIN_FAILED')
  expect((await fake.open()).agentId).toBe('agent@example.com')
  expect(engine()).toBe('js')
})
