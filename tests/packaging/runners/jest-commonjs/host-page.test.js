const { fakeWorkbench } = require('calldock/testing')

test('a call is answered', async () => {
  const fake = fakeWorkbench()
  const workbench = await fake.open()
  const id = fake.ring({ type: 'phone', callerPhoneNumber: '13800000000' })
  expect(workbench.sessions.list[0]?.state).toBe('ringing')
  await workbench.call.accept(id)
  expect(fake.commands).toEqual([{ method: 'call.accept', options: { sessionId: id } }])
})
