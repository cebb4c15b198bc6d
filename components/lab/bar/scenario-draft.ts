import { parseDecimal } from '#components/ui/parse-number.ts'
import { type DeliveryName, deliveryNames, labLimits } from '#server/protocol/lab.ts'
import { type Network, type Scenario, scenarioSchema } from '#server/protocol/lab-schemas.ts'

/** A scenario being edited: the texts of its fields. Times are in the units that the fields name. */
export type ScenarioDraft = {
  rate: string
  per: RateUnit
  burst: string
  payloadBytes: string
  seconds: string
  pollSeconds: string
  clients: Record<DeliveryName, string>
  network: Network['kind']
  /** Fields of every kind of network; only those of the chosen kind count. */
  line: Record<LineField, string>
}
export const rateUnits = { second: 1, minute: 60, hour: 3_600 } as const
export type RateUnit = keyof typeof rateUnits
export type LineField =
  | 'delayMs'
  | 'jitterMs'
  | 'everySeconds'
  | 'forMs'
  | 'atSeconds'
  | 'forSeconds'
  | 'seconds'

/** One sentence for each invalid field, by its path. */
export type ScenarioErrors = Partial<Record<string, string>>

/** The fields of each kind of network. */
export const lineFields = {
  clean: [],
  slow: ['delayMs', 'jitterMs'],
  cut: ['everySeconds', 'forMs'],
  freeze: ['atSeconds', 'forSeconds'],
  buffering: [],
  'idle-timeout': ['seconds'],
} as const satisfies Record<Network['kind'], readonly LineField[]>

const usualLine: Record<LineField, string> = {
  ...{ delayMs: '40', jitterMs: '10', everySeconds: '10', forMs: '1400' },
  ...{ atSeconds: '10', forSeconds: '10', seconds: '20' },
}

/** The draft that describes this scenario. */
export function draftOf(scenario: Scenario): ScenarioDraft {
  const { eventsPerSecond, burst, payloadBytes, seconds, pollMs, clients, network } = scenario
  const per: RateUnit = eventsPerSecond >= 0.5 ? 'second' : eventsPerSecond >= 1 / 60 ? 'minute' : 'hour'
  const { kind, ...line } = network
  return {
    rate: String(Number((eventsPerSecond * rateUnits[per]).toPrecision(6))),
    per,
    ...{ burst: String(burst), payloadBytes: String(payloadBytes), seconds: String(seconds) },
    pollSeconds: String(pollMs / 1_000),
    clients: Object.fromEntries(deliveryNames.map((lane) => [lane, String(clients[lane])])) as Record<
      DeliveryName,
      string
    >,
    network: kind,
    line: {
      ...usualLine,
      ...Object.fromEntries(Object.entries(line).map(([name, value]) => [name, String(value)])),
    },
  }
}

/** Validates a draft with the server's own schema: returns the scenario, or an error for each invalid field. */
export function readDraft(draft: ScenarioDraft): { scenario?: Scenario; errors: ScenarioErrors } {
  const fields: readonly LineField[] = lineFields[draft.network]
  const parsed = scenarioSchema.safeParse({
    eventsPerSecond: parseDecimal(draft.rate) / rateUnits[draft.per],
    ...{
      burst: parseDecimal(draft.burst),
      payloadBytes: parseDecimal(draft.payloadBytes),
      seconds: parseDecimal(draft.seconds),
    },
    pollMs: Math.round(parseDecimal(draft.pollSeconds) * 1_000),
    clients: Object.fromEntries(deliveryNames.map((lane) => [lane, parseDecimal(draft.clients[lane])])),
    network: {
      kind: draft.network,
      ...Object.fromEntries(fields.map((field) => [field, parseDecimal(draft.line[field])])),
    },
  })
  if (parsed.success) return { scenario: parsed.data, errors: {} }
  const paths = parsed.error.issues.map(({ path }) => path.join('.'))
  return { errors: Object.fromEntries(paths.map((path) => [path, wants[path] ?? 'Enter a whole number'])) }
}

const clientsWant = 'Enter 0 to 5,000'
const wants: ScenarioErrors = {
  eventsPerSecond: `Enter at most ${labLimits.maxEventsPerSecond} per second and at least 3.6 per hour`,
  burst: 'Enter 1 to 500',
  payloadBytes: 'Enter 0 to 8,000',
  seconds: `Enter 2 to ${labLimits.maxSeconds}`,
  pollMs: 'Enter 0.1 to 600',
  'clients.short': clientsWant,
  'clients.long': clientsWant,
  'clients.sse': clientsWant,
  'clients.socket': clientsWant,
  'network.delayMs': 'Enter 1 to 5,000',
  'network.jitterMs': 'Enter 0 to 5,000',
  'network.everySeconds': 'Enter 2 to 3,600',
  'network.forMs': 'Enter 0 to 60,000',
  'network.atSeconds': 'Enter 1 to 3,600',
  'network.forSeconds': 'Enter 1 to 120',
  'network.seconds': 'Enter 1 to 600',
}
