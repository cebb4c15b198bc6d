import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seedDemo } from '#prisma/seed.ts'
import { demoPassword, demoPeople } from '#server/domain/accounts/demo-people.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { appOn, testApp } from '#server/testing/test-app.ts'

test('Demo people who were there before demo mode was switched off cannot be signed in as.', async (t) => {
  const demo = await testApp(t, { DEMO: 'on' })
  await seedDemo(demo.databaseUrl)
  const off = await appOn(t, demo.databaseUrl, { DEMO: 'off' })
  const signIn = ({ port }: { port: number }, email: string, password: string) =>
    fetch(`http://127.0.0.1:${port}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    })
  for (const { email } of demoPeople) {
    assert.equal((await signIn(demo, email, demoPassword)).status, 200)
    for (const written of [email, email.toUpperCase()]) {
      const refused = await expectProblem(await signIn(off, written, demoPassword), 401, 'unauthenticated')
      const wrong = await expectProblem(await signIn(off, written, 'a wrong guess'), 401, 'unauthenticated')
      assert.equal(refused.code, wrong.code)
    }
  }
})

test('S5 The password of a demo account, which everybody shares, stays.', async (t) => {
  const demo = await testApp(t, { DEMO: 'on' })
  await seedDemo(demo.databaseUrl)
  const [{ email }] = demoPeople
  const ask = (path: string, body: object, cookie = '') =>
    fetch(`http://127.0.0.1:${demo.port}/api/auth/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify(body),
    })
  const signedIn = await ask('sign-in/email', { email, password: demoPassword })
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const passwords = { currentPassword: demoPassword, newPassword: 'mine alone now' }
  await expectProblem(await ask('change-password', passwords, cookie), 403, 'forbidden')
  assert.equal((await ask('sign-in/email', { email, password: demoPassword })).status, 200)
})
