import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { freePort, isTaken } from '#server/database/ports.ts'
import { compileCache } from '#server/testing/compile-cache.ts'
import { eventually } from '#server/testing/eventually.ts'
import { append } from '#server/testing/kafka-nodes.ts'
import { signedInPerson, signIn } from '#server/testing/person.ts'
import { appOn } from '#server/testing/test-app.ts'
import { testDatabase } from '#server/testing/test-database.ts'

test('Without engines every node does both, news still crosses nodes, keys add and drain, and nothing outlives a kill -9.', async (t) => {
  const { url } = await testDatabase(t)
  const port = await freePort()
  const command = startCommand(t, url, port)
  await eventually(() => command.written().includes('Keys:'), { withinMs: 120_000 })
  assert.match(command.written(), new RegExp(`Wireside is at http://localhost:${port}\n`))
  for (const name of ['Redis', 'Kafka', 'HAProxy', 'TLS']) {
    assert.match(command.written(), new RegExp(`^No ${name} \\(left out as you asked\\): \\w+`, 'm'))
  }
  const ports = () =>
    [...command.written().matchAll(/^ {2}node-\d+ +(\d+) {2}web,gateway$/gm)].map(([, at]) => Number(at))
  const [entrance, other] = ports()
  assert.ok(entrance && other)
  assert.equal(entrance, port)

  const { email } = await signedInPerson({ port: entrance, databaseUrl: url })
  const person = await signIn(entrance, email)
  const waiting = person.via(other).get('/api/streams/feed?after=now', { prefer: 'wait=20' })
  await append(await appOn(t, url, { ROLES: 'web' }), 'feed', ['news'])
  assert.match(await (await waiting).text(), /news/)

  command.press('+')
  await eventually(() => /^node-3 is ready on port \d+/m.test(command.written()))
  const [, added = ''] = /^node-3 is ready on port (\d+)/m.exec(command.written()) ?? []
  command.press('k')
  await eventually(() => /^node-3 has ended/m.test(command.written()))
  await eventually(() => command.written().match(/^node-3 is ready/gm)?.length === 2)
  command.press('-')
  await eventually(() => /^node-3 has left/m.test(command.written()))
  assert.equal(await isTaken(Number(added)), false)

  command.child.kill('SIGKILL')
  for (const each of [entrance, other]) await eventually(async () => !(await isTaken(each)))
})

test('An option that makes no sense ends the command with one line.', async () => {
  for (const [args, says] of [
    [['--gateways', '0'], /^--gateways: "0" is no number from 1 to 32\n$/],
    [['--without', 'rust'], /^--without: "rust" is none of redis, kafka, haproxy, tls\n$/],
    [['--nodes', '3'], /^Unknown option '--nodes'.*\n$/],
  ] as const) {
    const child = spawn(process.execPath, ['server/cluster/main.ts', ...args], {
      ...{ cwd: repository, stdio: ['ignore', 'ignore', 'pipe'] },
    })
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
    assert.match(said, says)
    assert.equal(code, 1)
  }
})

const repository = resolve(import.meta.dirname, '../..')

function startCommand(t: TestContext, databaseUrl: string, port: number) {
  const args = ['--gateways', '1', '--webs', '1', '--without', 'redis,kafka,haproxy,tls']
  const child = spawn(process.execPath, ['server/cluster/main.ts', ...args], {
    cwd: repository,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...compileCache,
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      DATABASE_URL: databaseUrl,
      AUTH_SECRET: 'a secret that only tests know, and long enough',
      PORT: `${port}`,
      PAGES: 'off',
      LOG_LEVEL: 'warn',
    },
  })
  t.after(() => child.kill('SIGKILL'))
  let written = ''
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding('utf8').on('data', (chunk: string) => {
      written += chunk
    })
  }
  return { child, written: () => written, press: (key: string) => void child.stdin.write(key) }
}
