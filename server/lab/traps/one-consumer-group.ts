import { setTimeout as pause } from 'node:timers/promises'
import { type Broker, startBroker } from '#server/engines/kafka/broker.ts'
import { kafkaMissing } from '#server/engines/kafka/jars.ts'
import type { TrapArm } from '#server/protocol/lab-report.ts'
import { type Carrier, openCarrier } from '../drills/naive/carrier.ts'
import type { Trap } from './trap.ts'

const gateways = 3
const entries = 60
const lookEveryMs = 100
const patienceMs = 20_000

/** Three gateways that consume one topic: in one group, and each in its own group. */
export const trap: Trap = {
  missing: kafkaMissing ? `Kafka can’t run on this machine: ${kafkaMissing}` : undefined,
  async run(signal) {
    const broker = await startBroker()
    try {
      return {
        trap: 'one-consumer-group',
        failing: await armOf('One group for all gateways', broker, () => 'gateways', signal),
        working: await armOf('Every gateway by itself', broker, (nth) => `gateway-${nth}`, signal),
      }
    } finally {
      await broker.destroy()
    }
  },
}

async function armOf(
  title: string,
  { brokers }: Broker,
  groupOf: (nth: number) => string,
  signal: AbortSignal,
): Promise<TrapArm> {
  const received = Array.from({ length: gateways }, () => new Set<string>())
  const nodes: Carrier[] = []
  for (const [nth, set] of received.entries()) {
    const options = { kind: 'kafka', brokers, group: groupOf(nth), sends: nth === 0 } as const
    nodes.push(await openCarrier(options, (payload) => void set.add(payload)))
  }
  const until = async (is: () => boolean, meanwhile: () => void = () => undefined) => {
    for (const deadline = performance.now() + patienceMs; !is() && performance.now() < deadline; ) {
      meanwhile()
      await pause(lookEveryMs, undefined, { signal })
    }
  }
  try {
    // The group has settled when each of its members receives something.
    let warmUps = 0
    const settled = received.map(() => false)
    await until(
      () => settled.every(Boolean),
      () => {
        for (const [nth, set] of received.entries()) settled[nth] ||= set.size > 0
        warmUps += 1
        nodes[0]?.send(`warm-up ${warmUps}`)
      },
    )
    for (let n = 1; n <= entries; n += 1) nodes[0]?.send(`entry ${n}`)
    const counts = () =>
      received.map((set) => [...set].filter((payload) => payload.startsWith('entry')).length)
    const total = () => counts().reduce((sum, count) => sum + count, 0)
    // A group distributes the entries, so each is delivered once.
    const all = groupOf(0) === groupOf(1) ? entries : entries * gateways
    await until(() => total() >= all)
    const each = counts()
    return {
      title,
      fell: each.some((count) => count < entries),
      seen: [
        `${entries} entries were produced to ${gateways} gateways; they received ${each.join(', ')}.`,
        each.every((count) => count === entries)
          ? 'A browser has everything, whichever gateway it is connected to.'
          : 'A browser has what its own gateway was given, and never hears of the rest.',
      ],
    }
  } finally {
    await Promise.all(nodes.map((node) => node.close()))
  }
}
