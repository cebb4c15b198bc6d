/** The only reader of the environment. Names include their units. */
import { delimiter } from 'node:path'
import { z } from 'zod'
import { isLoopback } from './loopback.ts'

const whole = (max: number, min: number) =>
  z
    .string()
    .regex(/^[0-9]{1,12}$/, 'must be a whole number')
    .transform(Number)
    .refine((n) => n <= max, `must be at most ${max}`)
    .refine((n) => n >= min, `must be at least ${min}`)
const count = (fallback: number, max = 1_000_000_000, min = 0) => whole(max, min).default(fallback)
const list = z
  .string()
  .transform((s) =>
    s
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  )
  .default([])
const flag = z
  .enum(['on', 'off', 'true', 'false', '1', '0'], 'must be on or off')
  .transform((s) => s === 'on' || s === 'true' || s === '1')
const origin = z
  .url({ protocol: /^https?$/, error: 'must be an http(s) URL' })
  .refine((s) => !URL.canParse(s) || `${new URL(s).origin}/` === new URL(s).href, 'must have no path')
  .transform((s) => new URL(s).origin)
/** A host as in a URL, but without brackets; undefined when it is not one. */
const hostIn = (s: string) => {
  const url = `http://${/^[^[].*:/.test(s) ? `[${s}]` : s}/`
  if (!/^(\[[^\]]+\]|[A-Za-z0-9._:-]+)$/.test(s) || !URL.canParse(url)) return undefined
  const { hostname, port } = new URL(url)
  return port === '' ? hostname.replace(/^\[(.*)\]$/, '$1') : undefined
}
const addresses = z.union(
  [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()],
  'must be addresses, or ranges such as 10.0.0.0/8',
)
const broker = z
  .string()
  .regex(/^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}$/, 'must be brokers as host:port,host:port')
  .refine((s) => Number(s.slice(s.lastIndexOf(':') + 1)) <= 65_535, 'must have ports up to 65535')
const saslMechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const
/**
 * Whether its path is a database number, and its user and password can be decoded. Malformed URLs have an error of
 * their own.
 */
function isRedisAddress(s: string): boolean {
  if (!URL.canParse(s)) return true
  const { pathname, username, password } = new URL(s)
  try {
    decodeURIComponent(username + password)
  } catch {
    return false
  }
  return /^(|\/[0-9]{0,4})$/.test(pathname)
}
const minuteOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
const roles = ['web', 'gateway', 'worker', 'prices', 'relay'] as const
export type ProcessRole = (typeof roles)[number]

/** Every variable that Wireside reads, with its default. `.env.example` lists the same, in the same order. */
export const settings = {
  NODE_ENV: z.string().default('production'),
  PORT: count(3000, 65_535),
  HOST: z
    .string()
    .refine((s) => hostIn(s) !== undefined, 'must be an address or a name, without a port')
    .transform((s) => hostIn(s) ?? s)
    .default('127.0.0.1'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL' }).optional(),
  LOCK_TIMEOUT_MS: count(2_000, 60_000, 10),
  STATEMENT_TIMEOUT_MS: count(4_000, 600_000, 10),
  IDLE_TRANSACTION_MS: count(5_000, 600_000, 100),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: 'must be a redis:// or rediss:// URL' })
    .refine(isRedisAddress, 'must be redis://user:password@host:port/database, special characters as %40')
    .optional(),
  KAFKA_BROKERS: list.pipe(z.array(broker)),
  KAFKA_TOPIC_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,200}$/, 'must be up to 200 letters, digits and . _ -')
    .default('wireside'),
  KAFKA_TLS: flag.default(false),
  KAFKA_CA_FILE: z.string().optional(),
  KAFKA_SASL: z.enum(saslMechanisms, `must be among ${saslMechanisms.join(', ')}`).optional(),
  KAFKA_USERNAME: z.string().optional(),
  KAFKA_PASSWORD: z.string().optional(),
  AUTH_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  COOKIE_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, 'must be up to 40 letters, digits and . _ -')
    .optional(),
  BASE_URL: origin.optional(),
  TRUSTED_ORIGINS: list.pipe(z.array(origin)),
  TRUSTED_PROXIES: list.pipe(z.array(addresses)),
  ROLES: list.pipe(z.array(z.enum(roles, `must be among ${roles.join(', ')}`))),
  PAGES: flag.default(true),
  BUILD_PAGES: flag.default(true),
  DEMO: flag.optional(),
  DEMO_PUBLIC: flag.default(false),
  LAB: flag.default(false),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  STAGE_MS: z
    .string()
    .regex(/^[0-9]{1,7}(-[0-9]{1,7})?$/, 'must be milliseconds, or a range such as 2000-10000')
    .transform((s) => {
      const [from, to] = s.split('-').map(Number) as [number, number?]
      return { fromMs: from, toMs: Math.max(from, to ?? from) }
    })
    .default({ fromMs: 2_000, toMs: 10_000 }),
  TICKS_PER_SECOND: count(300, 2_000),
  PRICE_SEED: count(1),
  TRADING_HOURS: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/, 'must be hours such as 08:00-22:00')
    .transform((s) => {
      const [from, to] = s.split('-').map(minuteOf) as [number, number]
      return { from, to }
    })
    .optional(),
  HEARTBEAT_MS: count(15_000),
  PING_INTERVAL_MS: count(25_000),
  PING_TIMEOUT_MS: count(20_000),
  MAX_WAIT_MS: count(25_000, 300_000),
  DRAIN_DELAY_MS: whole(300_000, 0).optional(),
  DRAIN_MS: count(10_000),
  SESSION_CHECK_MS: count(1_000),
  LOG_CHECK_MS: count(800),
  LISTEN_CHECK_MS: count(2_000, 3_600_000, 100),
  RETENTION_EVENTS: count(10_000),
  MAX_BUFFER_BYTES: count(1_000_000),
  METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  MAX_BODY_BYTES: count(64_000),
  MAX_JSON_DEPTH: count(32),
  SIGN_IN_FAILURES_PER_MINUTE: count(10),
  SIGN_INS_PER_MINUTE: count(100),
  SIGN_UPS_PER_MINUTE: count(60),
  PULSES_PER_MINUTE: count(60),
  MAX_LONG_POLLS_PER_USER: count(6),
  MAX_SSE_PER_USER: count(6),
  MAX_SOCKETS_PER_USER: count(10),
  MAX_STREAMS_PER_SOCKET: count(100),
  PACKETS_PER_SECOND: count(100, 1_000_000, 1),
  MAX_CONNECTIONS_PER_ADDRESS: count(1_000),
  LOANS_PER_MINUTE: count(60),
  PAYMENTS_PER_MINUTE: count(120),
  DECISIONS_PER_MINUTE: count(120),
  POSTS_PER_MINUTE: count(10),
  COMMENTS_PER_MINUTE: count(30),
  LIKES_PER_MINUTE: count(120),
  ALERTS_PER_MINUTE: count(6),
  ROOMS_PER_MINUTE: count(30),
  INVITATIONS_PER_MINUTE: count(30),
  DEPARTURES_PER_MINUTE: count(60),
  MESSAGE_CHANGES_PER_MINUTE: count(120),
  READS_PER_MINUTE: count(600),
  PREFERENCE_CHANGES_PER_MINUTE: count(60),
  SESSION_CHANGES_PER_MINUTE: count(60),
  ACCOUNT_CHANGES_PER_MINUTE: count(10),
  CHAT_BURST: count(20),
  CHAT_PER_SECOND: count(2, 1_000_000, 1),
  ALERT_BATCH: count(500, 5_000, 1),
  ORDERS_PER_SECOND: count(10),
  HEADERS_TIMEOUT_MS: count(10_000),
  REQUEST_TIMEOUT_MS: count(30_000),
  KEEP_ALIVE_MS: count(65_000),
} as const

/** Long enough for a load balancer that checks `/readyz` every two seconds and requires two failures. */
const drainDelayMs = 5_000

const schema = z.object(settings)
type Parsed = z.infer<typeof schema>

/** The settings with every default applied. Without a `DATABASE_URL`, the embedded Postgres is started. */
export type Env = ReturnType<typeof complete>

export class BadEnvironment extends Error {
  override name = 'BadEnvironment'
}

/**
 * Reads and validates the environment.
 *
 * Throws `BadEnvironment`, whose message has one line for each unknown or bad setting. A name counts as unknown when it
 * looks like one of ours (`*_PER_MINUTE`, `MAX_*` …) but is not.
 */
export function readEnv(source: NodeJS.ProcessEnv = process.env): Env {
  const given = Object.fromEntries(Object.keys(settings).map((name) => [name, source[name] || undefined]))
  const parsed = schema.safeParse(given)
  const bad = parsed.error?.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`) ?? []
  const unknown = Object.keys(source)
    .filter(looksLikeOurs)
    .map((name) => `${name}: unknown setting`)
  if (given.DATABASE_URL && !given.AUTH_SECRET) bad.push('AUTH_SECRET: required when DATABASE_URL is set')
  bad.push(...badKafkaSettings(given))
  if (parsed.data && parsed.data.HEADERS_TIMEOUT_MS > parsed.data.REQUEST_TIMEOUT_MS) {
    bad.push('HEADERS_TIMEOUT_MS: must be at most REQUEST_TIMEOUT_MS')
  }
  if (parsed.data?.DEMO && !parsed.data.DEMO_PUBLIC && !isOnThisMachine(parsed.data)) {
    bad.push(
      'DEMO: on lets everyone who reaches HOST or BASE_URL sign in as the demo people; set DEMO_PUBLIC=on if they may',
    )
  }
  if (!parsed.success || bad.length > 0 || unknown.length > 0) {
    throw new BadEnvironment([...bad, ...unknown].join('\n'))
  }
  return complete(parsed.data)
}

/** Settings that depend on each other: each requires the ones it refers to. */
function badKafkaSettings(given: Record<string, string | undefined>): string[] {
  const needs: Record<string, string[]> = {
    KAFKA_TLS: ['KAFKA_BROKERS'],
    KAFKA_CA_FILE: ['KAFKA_TLS'],
    KAFKA_SASL: ['KAFKA_BROKERS'],
    KAFKA_USERNAME: ['KAFKA_SASL'],
    KAFKA_PASSWORD: ['KAFKA_SASL'],
  }
  const isOn = (name: string) => given[name] && !['off', 'false', '0'].includes(given[name])
  const required = given.KAFKA_SASL ? ['KAFKA_USERNAME', 'KAFKA_PASSWORD'] : []
  return [
    ...required.filter((name) => !given[name]).map((name) => `${name}: required when KAFKA_SASL is set`),
    ...Object.entries(needs).flatMap(([name, others]) =>
      isOn(name) ? others.filter((other) => !isOn(other)).map((other) => `${name}: needs ${other} too`) : [],
    ),
  ]
}

function complete(env: Parsed) {
  const { ROLES, DATABASE_URL, DEMO, HOST, NODE_ENV, PORT } = env
  const isBehindBalancer = DATABASE_URL !== undefined && NODE_ENV !== 'development'
  const originAt = (host: string) => new URL(`http://${host}:${PORT}`).origin
  const [localOrigin = '', ...otherOrigins] = localNames(HOST).map(originAt)
  const baseUrl = env.BASE_URL ?? localOrigin
  return {
    ...env,
    ROLES: ROLES.length > 0 ? ROLES : [...roles],
    COOKIE_PREFIX: env.COOKIE_PREFIX ?? cookiePrefixOf(baseUrl),
    DEMO: DEMO ?? (DATABASE_URL === undefined && isOnThisMachine(env)),
    DEV: NODE_ENV === 'development',
    DRAIN_DELAY_MS: env.DRAIN_DELAY_MS ?? (isBehindBalancer ? drainDelayMs : 0),
    BASE_URL: baseUrl,
    TRUSTED_ORIGINS: [...new Set([baseUrl, ...(env.BASE_URL ? [] : otherOrigins), ...env.TRUSTED_ORIGINS])],
  }
}

/** Whether this process is a complete node, which the lab's runs need because they start processes of their own. */
export function hasAllRoles({ ROLES }: Pick<Env, 'ROLES'>): boolean {
  return roles.every((role) => ROLES.includes(role))
}

/** Whether the app can only be reached from this machine, at its own address as well as through a proxy. */
function isOnThisMachine({ HOST, BASE_URL }: Pick<Parsed, 'HOST' | 'BASE_URL'>): boolean {
  return isLoopback(HOST) && (BASE_URL === undefined || isLoopback(new URL(BASE_URL).hostname))
}

/** The names of this machine that reach a HOST, as in URLs. */
function localNames(host: string): string[] {
  if (['127.0.0.1', 'localhost', '0.0.0.0', '::'].includes(host)) return ['localhost', '127.0.0.1']
  return [host.includes(':') ? `[${host}]` : host, ...(host === '::1' ? ['localhost'] : [])]
}

/** Cookies are shared by all ports of a host: the port in the name keeps apps on one host apart. */
export function cookiePrefixOf(baseUrl: string): string {
  const { port, protocol } = new URL(baseUrl)
  return `wireside-${port || (protocol === 'https:' ? 443 : 80)}`
}

/**
 * Writes what was decided at start (database, secret, demo) back to the environment, because Next's own copy of this
 * module shares nothing else with the server.
 */
export function publishEnv(decided: {
  DATABASE_URL: string
  AUTH_SECRET: string
  DEMO: boolean
  PORT: number
}) {
  process.env.DATABASE_URL = decided.DATABASE_URL
  process.env.AUTH_SECRET = decided.AUTH_SECRET
  process.env.DEMO = decided.DEMO ? 'on' : 'off'
  process.env.PORT = String(decided.PORT)
}

/** Writes back the port that was chosen for 0. */
export function publishPort(port: number) {
  process.env.PORT = String(port)
}

/** Settings that a cluster sets for each of its nodes. */
const ofNode = ['NODE_ENV', 'PORT', 'HOST', 'DATABASE_URL', 'AUTH_SECRET', 'ROLES', 'BUILD_PAGES']

/** The settings of this process that also apply to every node of a cluster that it starts. */
export function settingsForNodes(): Record<string, string> {
  const names = Object.keys(settings).filter((name) => !ofNode.includes(name))
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
}

/** Where to look for programs on this machine: the folders of its PATH, and the home of a Kafka. */
export const programFolders: readonly string[] = (process.env.PATH ?? '').split(delimiter)
export const kafkaHome = process.env.KAFKA_HOME || undefined

/** The environment of a child process of ours: no more than any program needs. */
export function bareEnvironment(): NodeJS.ProcessEnv {
  const { PATH = '', TMPDIR, NODE_COMPILE_CACHE } = process.env
  return {
    ...{ PATH, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    ...(TMPDIR && { TMPDIR }),
    ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }),
  }
}

const prefixes =
  /^(ALERT_BATCH|BUILD_PAGES|CHAT_|DEMO_|KAFKA_(BROKER|TOPIC|TLS|CA|SASL|USER|PASS)|PACKETS_|MAX_(BODY|JSON|WAIT|BUFFER|LONG|CONNECTIONS|SOCKETS|SSE|STREAMS)_|SIGN_(IN|UPS?)_|WIRESIDE_|TRUSTED_|STAGE_|LOG_CHECK|LISTEN_CHECK|SESSION_CHECK|RETENTION_|PING_|HEARTBEAT_|LOCK_TIMEOUT|STATEMENT_TIMEOUT|IDLE_TRANSACTION|DRAIN_|HEADERS_TIMEOUT|REQUEST_TIMEOUT|KEEP_ALIVE_|METRICS_TOKEN|AUTH_SECRET|PRICE_SEED|TRADING_HOURS|TICKS_)/
const suffixes = /_PER_(SECOND|MINUTE|USER|ADDRESS)$/

function looksLikeOurs(name: string): boolean {
  return (prefixes.test(name) || suffixes.test(name)) && !Object.hasOwn(settings, name)
}
