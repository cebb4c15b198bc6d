import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { freePort } from '#server/database/ports.ts'
import { childApp } from '#server/testing/child-app.ts'
import { compileCache } from '#server/testing/compile-cache.ts'
import { testDatabase } from '#server/testing/test-database.ts'

const quick = {
  AUTH_SECRET: 'a secret that only tests know, and long enough',
  ROLES: 'gateway',
  LOG_LEVEL: 'warn',
}

test('A start that cannot be ends with one line on the error output, and code 1.', async (t) => {
  const { url: DATABASE_URL } = await testDatabase(t)
  const other = createServer((socket) => socket.destroy())
  await once(other.listen(0, '::1'), 'listening')
  t.after(() => other.close())
  const taken = String((other.address() as AddressInfo).port)
  const web = createHttpServer().listen(0, '127.0.0.1')
  await once(web, 'listening')
  t.after(() => web.close())
  const http = `127.0.0.1:${(web.address() as AddressInfo).port}`
  const missing = Object.assign(new URL(DATABASE_URL), { pathname: '/missing' }).href
  const starts: [settings: Record<string, string>, says: RegExp][] = [
    [{ DATABASE_URL: missing }, /^DATABASE_URL: there is no database "missing"/],
    [{ DATABASE_URL, PORT: taken }, /^PORT: another app answers at http:\/\/\[::1\]:/],
    [{ DATABASE_URL, HOST: '0.0.0.0', DEMO: 'on' }, /^DEMO: on lets everyone/],
    [{ DATABASE_URL, REDIS_URL: `redis://:secret@${http}` }, /^REDIS_URL: (?!.*secret)127.* is not Redis/],
    [{ DATABASE_URL, KAFKA_BROKERS: http }, /^KAFKA_BROKERS: what answers at .* is no Kafka/],
  ]
  await Promise.all(starts.map(async ([settings, says]) => assert.match(await failedStart(settings), says)))
})

test('The address that is printed is the one that is bound, and answers.', async (t) => {
  const { url } = await testDatabase(t)
  const app = await childApp(t, url, { HOST: '::1', PORT: '0' })
  const printed = /^Wireside is at (http:\/\/\[::1\]:(\d+)) \(listening on \[::1\]:\2\)$/m
  const [, at = '', port] = printed.exec(app.written()) ?? assert.fail(app.written())
  assert.notEqual(port, '0')
  const answer = await fetch(`${at}/api/streams/pulse`)
  assert.equal(answer.status, 200)
  await answer.bytes()
})

/** Starts the app as `npm start` does, and returns the one line that it must exit with. */
async function failedStart(settings: Record<string, string>): Promise<string> {
  const child = spawn(process.execPath, ['server/main.ts'], {
    cwd: resolve(import.meta.dirname, '../../..'),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...compileCache,
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      PORT: String(await freePort()),
      ...quick,
      ...settings,
    },
  })
  const written = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.err += text
  })
  const [code] = await once(child, 'close')
  assert.equal(code, 1, written.err)
  assert.equal(written.out, '')
  const lines = written.err.trim().split('\n')
  assert.equal(lines.length, 1, written.err)
  return lines[0] ?? ''
}
