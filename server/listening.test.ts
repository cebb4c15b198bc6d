import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import { freePort } from '#server/database/ports.ts'
import { readEnv } from './env.ts'
import { authorityOf, CannotListen, findPort, listen } from './listening.ts'

test('Where it cannot listen is one line that says why, and which setting to change.', async (t) => {
  const four = await taken(t, '127.0.0.1')
  const six = await taken(t, '::1')
  const free = String(await freePort())
  const places: [settings: Record<string, string>, says: RegExp][] = [
    [{ PORT: four }, /^PORT: another app listens on 127\.0\.0\.1:\d+ already \(EADDRINUSE\)/],
    [{ PORT: four, HOST: '0.0.0.0' }, /^PORT: another app listens on 0\.0\.0\.0:\d+ already/],
    [{ PORT: four, HOST: 'localhost' }, /^PORT: another app (listens on localhost:|answers at http:\/\/127)/],
    [{ PORT: free, HOST: '203.0.113.1' }, /^HOST: 203\.0\.113\.1 is not an address of this machine/],
    [{ PORT: free, HOST: 'nowhere.invalid' }, /^HOST: the name nowhere\.invalid does not resolve/],
    [{ PORT: six, HOST: '::1' }, /^PORT: another app listens on \[::1\]:\d+ already/],
    [
      { PORT: six },
      /^PORT: another app answers at http:\/\/\[::1\]:\d+, where http:\/\/localhost:\d+ leads too/,
    ],
    [{ PORT: six, HOST: '0.0.0.0' }, /^PORT: another app answers at http:\/\/\[::1\]:/],
  ]
  for (const [settings, says] of places) {
    await assert.rejects(findPort(readEnv({ NODE_ENV: 'test', ...settings })), (error) => {
      assert.ok(error instanceof CannotListen)
      assert.match(error.message, says)
      assert.doesNotMatch(error.message, /\n/)
      return true
    })
  }
})

test('Another app on the other address does not matter where the URL does not lead there.', async (t) => {
  const PORT = await taken(t, '::1')
  for (const settings of [
    { BASE_URL: 'http://127.0.0.1:1' },
    { BASE_URL: 'http://localhost:1' },
    { HOST: '127.0.0.2' },
  ]) {
    assert.equal(await findPort(readEnv({ NODE_ENV: 'test', PORT, ...settings })), Number(PORT))
  }
})

test('A port that may not be had says so.', async () => {
  const server = createServer()
  server.listen = () => {
    process.nextTick(() => server.emit('error', Object.assign(new Error('no'), { code: 'EACCES' })))
    return server
  }
  await assert.rejects(listen(server as never, { PORT: 80, HOST: '127.0.0.1' }), {
    name: 'CannotListen',
    message: 'PORT: this user may not listen on port 80 (EACCES); set one above 1023',
  })
})

test('Port 0 is one that is free.', async () => {
  for (const HOST of ['127.0.0.1', '::1', '0.0.0.0', '::']) {
    const port = await findPort(readEnv({ NODE_ENV: 'test', PORT: '0', HOST }))
    assert.ok(port > 0)
  }
  assert.equal(authorityOf({ address: '::1', port: 3 }), '[::1]:3')
})

async function taken(t: TestContext, host: string): Promise<string> {
  const server = createServer((socket) => socket.destroy())
  await once(server.listen(0, host), 'listening')
  t.after(() => server.close())
  return String((server.address() as AddressInfo).port)
}
