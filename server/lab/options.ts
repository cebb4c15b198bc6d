import { parseArgs } from 'node:util'
import { drillNames, trapNames } from '#server/protocol/lab.ts'
import { presets } from '#server/protocol/lab-presets.ts'
import { type Network, type RunOrder, runOrderSchema, type Scenario } from '#server/protocol/lab-schemas.ts'

/** In the order in which `bench-figures` runs them. */
export const benchNames = [
  'polling',
  'sse',
  'sockets',
  'commits',
  'writes',
  'nodes',
  'backplanes',
  'cold-start',
  '50k',
] as const
type BenchName = (typeof benchNames)[number]

type LabOptions =
  | { what: 'help' }
  | { what: 'bench'; benches: readonly BenchName[]; options: string[] }
  | { what: 'soak'; options: string[] }
  | { what: 'run'; order: RunOrder; json: string | undefined; name: string | undefined }

export const usage = `Usage: npm run lab -- --preset <name> [options]

Presets: ${presets.map(({ name }) => name).join(', ')}; benchmarks: ${benchNames.map((name) => `bench-${name}`).join(', ')},
and bench-figures for all of these, with --write; soak: a cluster under load in which something breaks every 30 s

  --clients N       clients per delivery             --seconds N     how long events are written
  --rate N          events per second                --burst N       events written together
  --payload N       bytes of text per event          --poll MS       short-polling interval
  --network KIND    clean, slow:40:10 (delay and jitter in ms), cut:10:1400 (every N s, for N ms),
                    freeze:5:10 (at N s, for N s), buffering, idle-timeout:10 (s)
  --json FILE       write the report, with a row each for short, long, sse and socket
  --drill NAME      ${drillNames.join(', ')}
  --trap NAME       ${trapNames.join(', ')}
  --story           10,000 pollers in four modes: naive, cached, redis, shared

Benchmarks:
  --quick           fewer clients, one turn          --rounds N      turns of each arm (5)
  --against PATH    another checkout takes turns     --write         replace the section in FIGURES.md

Soak:
  --minutes N       how long (20)                    --seed TEXT     the same faults again`

export class BadOption extends Error {
  override name = 'BadOption'
}

/** Parses the command line. Throws `BadOption` with a sentence that says what is wrong. */
export function readOptions(args: readonly string[]): LabOptions {
  const given = parse(args)
  if (given.help) return { what: 'help' }
  const preset = given.preset ?? 'chat'
  const bench = benchNames.find((name) => preset === `bench-${name}`)
  if (bench) return { what: 'bench', benches: [bench], options: benchOptions(given) }
  if (preset === 'soak') return { what: 'soak', options: soakOptions(given) }
  if (preset === 'bench-figures') {
    return { what: 'bench', benches: benchNames, options: benchOptions({ ...given, write: true }) }
  }
  const order = runOrderSchema.safeParse(orderOf(given, preset))
  if (!order.success) {
    const [issue] = order.error.issues
    throw new BadOption(`${issue?.path.slice(-1).join('') || 'option'}: ${issue?.message ?? 'is invalid'}`)
  }
  return { what: 'run', order: order.data, json: given.json, name: given.name }
}

type Given = ReturnType<typeof parse>

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...{ preset: text, clients: text, seconds: text, rate: text, burst: text, payload: text, poll: text },
        ...{ network: text, json: text, name: text, drill: text, trap: text },
        story: { type: 'boolean' },
        ...{ quick: { type: 'boolean' }, write: { type: 'boolean' }, rounds: text, against: text },
        ...{ minutes: text, seed: text },
        help: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    throw new BadOption(error instanceof Error ? error.message : String(error))
  }
}

/** Options for the process of a bench. */
function benchOptions(given: Given): string[] {
  const { quick = false, write = false, against } = given
  const rounds = numberOf(given, 'rounds')
  return [
    ...(quick ? ['--quick'] : []),
    ...(write ? ['--write'] : []),
    ...(rounds === undefined ? [] : [`--rounds=${rounds}`]),
    ...(against === undefined ? [] : [`--against=${against}`]),
  ]
}

function soakOptions(given: Given): string[] {
  const minutes = numberOf(given, 'minutes')
  if (minutes !== undefined && minutes <= 0) throw new BadOption('--minutes: must be more than 0')
  return [
    ...(minutes === undefined ? [] : [`--minutes=${minutes}`]),
    ...(given.seed === undefined ? [] : [`--seed=${given.seed}`]),
  ]
}

function orderOf(given: Given, presetName: string): unknown {
  if (given.drill !== undefined) return { kind: 'drill', drill: given.drill }
  if (given.trap !== undefined) return { kind: 'trap', trap: given.trap }
  const clients = numberOf(given, 'clients')
  if (given.story) {
    return {
      ...{ kind: 'story', pollers: clients ?? 10_000, pollMs: numberOf(given, 'poll') ?? 5_000 },
      secondsEach: numberOf(given, 'seconds') ?? 15,
    }
  }
  const preset = presets.find(({ name }) => name === presetName)
  if (!preset) throw new BadOption(`Unknown preset "${presetName}"`)
  const { scenario } = preset
  const changed: Scenario = {
    eventsPerSecond: numberOf(given, 'rate') ?? scenario.eventsPerSecond,
    burst: numberOf(given, 'burst') ?? scenario.burst,
    payloadBytes: numberOf(given, 'payload') ?? scenario.payloadBytes,
    seconds: numberOf(given, 'seconds') ?? scenario.seconds,
    pollMs: numberOf(given, 'poll') ?? scenario.pollMs,
    clients:
      clients === undefined
        ? scenario.clients
        : { short: clients, long: clients, sse: clients, socket: clients },
    network: given.network === undefined ? scenario.network : networkOf(given.network),
  }
  return { kind: 'scenario', scenario: changed, ...(given.name !== undefined && { name: given.name }) }
}

type Numbers = 'clients' | 'seconds' | 'rate' | 'burst' | 'payload' | 'poll' | 'rounds' | 'minutes'

function numberOf(given: Given, name: Numbers) {
  const text = given[name]
  if (text === undefined) return undefined
  const number = text.trim() === '' ? Number.NaN : Number(text)
  if (!Number.isFinite(number)) throw new BadOption(`--${name}: "${text}" is not a number`)
  return number
}

function networkOf(text: string): Network {
  const [kind = '', first = '', second = ''] = text.split(':')
  const numbers = { first: Number(first), second: Number(second) }
  switch (kind) {
    case 'clean':
    case 'buffering':
      return { kind }
    case 'slow':
      return { kind, delayMs: numbers.first, jitterMs: numbers.second }
    case 'cut':
      return { kind, everySeconds: numbers.first, forMs: numbers.second }
    case 'freeze':
      return { kind, atSeconds: numbers.first, forSeconds: numbers.second }
    case 'idle-timeout':
      return { kind, seconds: numbers.first }
    default:
      throw new BadOption(`Unknown network "${kind}"`)
  }
}
