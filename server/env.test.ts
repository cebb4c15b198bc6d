import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { BadEnvironment, readEnv } from './env.ts'

const secret = 'x'.repeat(32)
const database = { DATABASE_URL: 'postgres://me@localhost:5432/wireside', AUTH_SECRET: secret }
const read = (source: Record<string, string>) => readEnv({ NODE_ENV: 'test', ...source })

test('Nothing set is a demo on this machine alone, with a database of its own.', () => {
  const env = read({})
  assert.equal(env.DATABASE_URL, undefined)
  assert.equal(env.DEMO, true)
  assert.equal(env.HOST, '127.0.0.1')
  assert.deepEqual(env.TRUSTED_ORIGINS, ['http://localhost:3000', 'http://127.0.0.1:3000'])
  assert.deepEqual(env.TRUSTED_PROXIES, [])
  assert.deepEqual(env.ROLES, ['web', 'gateway', 'worker', 'prices', 'relay'])
  assert.deepEqual(env.STAGE_MS, { fromMs: 2_000, toMs: 10_000 })
})

test('With a database that is given, demo mode is off unless it is asked for, and a secret is required.', () => {
  assert.equal(read(database).DEMO, false)
  assert.equal(read({ ...database, DEMO: 'on' }).DEMO, true)
  assert.equal(read({ DEMO: 'off' }).DEMO, false)
  assert.deepEqual(complaints({ DATABASE_URL: database.DATABASE_URL }), [
    'AUTH_SECRET: required when DATABASE_URL is set',
  ])
})

test('What stops is announced for 5 s with a database that is given, and not at all in a terminal.', () => {
  assert.equal(read({}).DRAIN_DELAY_MS, 0)
  assert.equal(read(database).DRAIN_DELAY_MS, 5_000)
  assert.equal(readEnv({ ...database, NODE_ENV: 'development' }).DRAIN_DELAY_MS, 0)
  assert.equal(read({ ...database, DRAIN_DELAY_MS: '0' }).DRAIN_DELAY_MS, 0)
})

test('Demo mode is off where others than this machine reach the app.', () => {
  const here = [
    '127.0.0.1',
    '127.8.0.1',
    'localhost',
    'LOCALHOST',
    '::1',
    '[::1]',
    '127.1',
    '::ffff:127.0.0.1',
  ]
  const elsewhere = [
    '0.0.0.0',
    '0',
    '::',
    '[::]',
    '192.168.1.5',
    '10.0.0.1',
    'fe80::1',
    'box',
    'localhost.example',
  ]
  const origin = (host: string) => `http://${/^[^[].*:/.test(host) ? `[${host}]` : host}:3000`
  for (const host of here) {
    assert.equal(read({ HOST: host }).DEMO, true, host)
    assert.equal(read({ BASE_URL: origin(host) }).DEMO, true, host)
    assert.equal(read({ HOST: host, DEMO: 'on' }).DEMO, true, host)
  }
  for (const host of elsewhere) {
    const places: Record<string, string>[] = [
      { HOST: host },
      { BASE_URL: origin(host) },
      { HOST: host, BASE_URL: origin('localhost') },
      { HOST: 'localhost', BASE_URL: origin(host) },
    ]
    for (const place of places) {
      assert.equal(read(place).DEMO, false, host)
      const refused = complaints({ ...place, DEMO: 'on' })
      assert.equal(refused.length, 1, host)
      assert.match(refused[0] ?? '', /^DEMO: .*DEMO_PUBLIC=on/)
      assert.equal(read({ ...place, DEMO: 'on', DEMO_PUBLIC: 'on' }).DEMO, true, host)
      assert.equal(read({ ...place, DEMO: 'off' }).DEMO, false, host)
      assert.equal(read({ ...place, DEMO_PUBLIC: 'on' }).DEMO, false, 'It allows, and does not ask')
    }
  }
})

test('Without a base URL the app is where it listens, under a name that leads there.', () => {
  const baseUrls = {
    '127.0.0.1': 'http://localhost:4000',
    localhost: 'http://localhost:4000',
    '0.0.0.0': 'http://localhost:4000',
    '::': 'http://localhost:4000',
    '::1': 'http://[::1]:4000',
    '[0:0:0:0:0:0:0:1]': 'http://[::1]:4000',
    '127.0.0.2': 'http://127.0.0.2:4000',
    '192.168.1.5': 'http://192.168.1.5:4000',
    box: 'http://box:4000',
  }
  for (const [host, baseUrl] of Object.entries(baseUrls)) {
    const env = read({ HOST: host, PORT: '4000' })
    assert.equal(env.BASE_URL, baseUrl)
    assert.ok(env.TRUSTED_ORIGINS.includes(baseUrl))
  }
  assert.deepEqual(read({ PORT: '80' }).TRUSTED_ORIGINS, ['http://localhost', 'http://127.0.0.1'])
  assert.deepEqual(read({ HOST: '192.168.1.5' }).TRUSTED_ORIGINS, ['http://192.168.1.5:3000'])
})

test('Cookies are named after the port where browsers reach the app, which nodes behind one base URL share.', () => {
  assert.equal(read({ PORT: '4000' }).COOKIE_PREFIX, 'wireside-4000')
  assert.equal(read({ PORT: '4001' }).COOKIE_PREFIX, 'wireside-4001')
  for (const PORT of ['4000', '4001']) {
    assert.equal(read({ PORT, BASE_URL: 'http://localhost:9000' }).COOKIE_PREFIX, 'wireside-9000')
    assert.equal(read({ PORT, BASE_URL: 'https://wireside.example' }).COOKIE_PREFIX, 'wireside-443')
    assert.equal(read({ PORT, BASE_URL: 'http://localhost' }).COOKIE_PREFIX, 'wireside-80')
    assert.equal(read({ PORT, COOKIE_PREFIX: 'mine' }).COOKIE_PREFIX, 'mine')
  }
})

test('An empty setting is one that is not set.', () => {
  assert.deepEqual(read({ PORT: '', DATABASE_URL: '', ROLES: '', STAGE_MS: '', MAX_WAIT_MS: '' }), read({}))
})

test('A base URL that is given is the one origin, beside those that are trusted.', () => {
  const env = read({
    BASE_URL: 'https://wireside.example/',
    TRUSTED_ORIGINS: 'https://a.example, https://b.example',
  })
  assert.deepEqual(env.TRUSTED_ORIGINS, [
    'https://wireside.example',
    'https://a.example',
    'https://b.example',
  ])
})

test('A stage takes one time, or one of a range, whichever way it is written.', () => {
  assert.deepEqual(read({ STAGE_MS: '50' }).STAGE_MS, { fromMs: 50, toMs: 50 })
  assert.deepEqual(read({ STAGE_MS: '50-80' }).STAGE_MS, { fromMs: 50, toMs: 80 })
})

const bad: Record<string, string[]> = {
  PORT: ['-1', '65536', '3000.5', '3e3', '0x10', 'http', ' 3000', '９'],
  HOST: ['localhost:80', '::1:80x', '[::1]:80', '999.1.1.1', 'a/b', 'a b', ' ', 'user@box', 'fe80::1%lo'],
  DATABASE_URL: ['localhost', 'mysql://x/y', '5432'],
  REDIS_URL: ['localhost', 'http://x', 'redis://x/name', 'redis://:%zz@x', '6379'],
  AUTH_SECRET: ['short'],
  BASE_URL: ['wireside.example', 'ftp://x', 'https://x/path', 'https://x/?a=1'],
  TRUSTED_ORIGINS: ['a.example', 'https://a.example/path', '*'],
  TRUSTED_PROXIES: ['nginx', '10.0.0.0/33', '10.0.0', '999.1.1.1', '*'],
  ROLES: ['gateways', 'web;worker', 'all'],
  DEMO: ['yes', 'maybe', '2'],
  DEMO_PUBLIC: ['yes', 'public'],
  LAB: ['yes', 'lab'],
  COOKIE_PREFIX: ['a b', 'a;b', 'a=b', '__Host-a', '.', 'x'.repeat(41)],
  LOG_LEVEL: ['loud', 'INFO'],
  STAGE_MS: ['-5', '5-', '1s', '1-2-3', '99999999'],
  MAX_WAIT_MS: ['25s', '300001', '-1'],
  METRICS_TOKEN: ['short'],
  MAX_JSON_DEPTH: ['deep'],
  ALERT_BATCH: ['0', '5001', '-1'],
  SIGN_IN_FAILURES_PER_MINUTE: ['ten', 'Infinity', 'NaN', '1e400'],
}

for (const [name, values] of Object.entries(bad)) {
  test(`A bad ${name} stops the start with one line that names it.`, () => {
    for (const value of values) {
      const lines = complaints({ AUTH_SECRET: secret, [name]: value })
      assert.equal(lines.length, 1, `${value}: ${lines.join(' | ')}`)
      assert.match(lines[0] ?? '', new RegExp(`^${name}: \\S`))
      assert.ok(!lines[0]?.includes(secret))
    }
  })
}

test('Headers may not take longer than the whole request.', () => {
  assert.deepEqual(complaints({ HEADERS_TIMEOUT_MS: '20', REQUEST_TIMEOUT_MS: '10' }), [
    'HEADERS_TIMEOUT_MS: must be at most REQUEST_TIMEOUT_MS',
  ])
})

test('A setting that looks like one of ours and is none is told; anybody else’s is not.', () => {
  for (const name of [
    'MAX_WAIT_SECONDS',
    'MAX_LONG_POLLS',
    'SIGN_UP_PER_MINUTE',
    'ORDERS_PER_MINUTE',
    'STAGE_SECONDS',
    'TRUSTED_ORIGIN',
    'METRICS_TOKENS',
    'DRAIN_SECONDS',
    'AUTH_SECRETS',
    'DEMO_PUBLICLY',
  ]) {
    assert.deepEqual(complaints({ [name]: '1' }), [`${name}: unknown setting`])
  }
  read({ PATH: '/bin', HOME: '/root', npm_config_cache: '/x', PGHOST: 'db', MAX_OLD_SPACE: '1', CI: 'true' })
})

test('All that is wrong is told at once, a line each.', () => {
  const lines = complaints({
    DATABASE_URL: database.DATABASE_URL,
    PORT: 'x',
    DEMO: 'perhaps',
    MAX_WAITS_MS: '1',
    MAX_WAIT_S: '5',
  })
  assert.deepEqual(lines.map((line) => line.slice(0, line.indexOf(':'))).sort(), [
    'AUTH_SECRET',
    'DEMO',
    'MAX_WAIT_S',
    'PORT',
  ])
})

test('The process itself ends with those lines, no stack, and a code that says so.', () => {
  const { status, stderr, stdout } = spawnSync(process.execPath, ['server/main.ts'], {
    cwd: resolve(import.meta.dirname, '..'),
    env: { PATH: process.env.PATH, NODE_ENV: 'production', PORT: 'x', STAGE_SECONDS: '5' },
    encoding: 'utf8',
  })
  assert.equal(status, 1)
  assert.equal(stdout, '')
  assert.deepEqual(stderr.trim().split('\n'), [
    'PORT: must be a whole number',
    'STAGE_SECONDS: unknown setting',
  ])
})

function complaints(source: Record<string, string>): string[] {
  try {
    read(source)
  } catch (error) {
    if (error instanceof BadEnvironment) return error.message.split('\n')
    throw error
  }
  return []
}
