import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signedInPerson } from '#server/testing/person.ts'
import { testApp } from '#server/testing/test-app.ts'
import { sessionCookieReader, signedToken } from './session.ts'

test('The session cookie is found among others, and nothing that only looks like it.', () => {
  const read = sessionCookieReader('better-auth.session_token')
  assert.equal(read('a=1; better-auth.session_token=x.y; b=2'), 'better-auth.session_token=x.y')
  assert.equal(read('better-auth.session_token=x;better-auth.session_token=y'), 'better-auth.session_token=x')
  for (const other of [
    undefined,
    '',
    'better-auth_session_token=x',
    '__Secure-better-auth.session_token=x',
    'x-better-auth.session_token=x',
    'better-auth.session_token=',
    'better-auth.session_token =x',
  ]) {
    assert.equal(read(other), undefined)
  }
})

test('A cookie planted beside a user’s own does not become a key to the user’s session.', async (t) => {
  const app = await testApp(t)
  const victim = await signedInPerson(app)
  const ask = async (cookie: string) => {
    const answer = await fetch(`http://127.0.0.1:${app.port}/api/loans`, { headers: { cookie } })
    await answer.bytes()
    return answer.status
  }
  const [own = ''] = victim.cookie.split('=')
  for (const name of [`__Secure-${own}`, `${own} `]) {
    assert.equal(await ask(`${name}=planted; ${victim.cookie}`), 200)
    assert.equal(await ask(`${name}=planted`), 401)
    assert.equal(await ask(`${own}=planted`), 401)
  }
  assert.equal(await ask(`${own}=planted; ${victim.cookie}`), 401)
})

test('The token of a cookie is given if it was signed with the secret, and not one letter else.', async (t) => {
  const app = await testApp(t)
  const { authCookies, secret } = await app.context.auth.$context
  const person = await signedInPerson(app)
  const cookie = sessionCookieReader(authCookies.sessionToken.name)(person.cookie) ?? ''
  const { rows } = await app.context.database.pool.query('SELECT token FROM session')
  const token: string = rows[0].token
  assert.equal(signedToken(cookie, secret), token)
  assert.equal(signedToken(decodeURIComponent(cookie), secret), token)
  const [name = '', value = ''] = cookie.split('=')
  assert.equal(signedToken(`${name}="${value}"`, secret), token)

  const [, signature = ''] = decodeURIComponent(value).split('.')
  const otherToken = `${token.slice(0, -1)}${token.endsWith('a') ? 'b' : 'a'}`
  const forged = [
    `${otherToken}.${signature}`,
    `${token}.${signature.slice(0, -2)}A=`,
    `${token}.${'A'.repeat(43)}=`,
    `${token}.`,
    token,
    `.${signature}`,
    '%',
    '',
  ]
  for (const each of forged) {
    if (each === decodeURIComponent(value)) continue
    assert.equal(signedToken(`${name}=${each}`, secret), undefined, each)
  }
  assert.equal(signedToken(cookie, `${secret} of another`), undefined)
})
