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
