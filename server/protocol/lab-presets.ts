/** Scenarios modelled on the use cases. */
import type { Scenario } from './lab-schemas.ts'

/** A named scenario. `story` is one sentence for the page. */
export type Preset = { name: string; title: string; story: string; scenario: Scenario }

const each = (count: number) => ({ short: count, long: count, sse: count, socket: count })

export const presets: readonly Preset[] = [
  {
    name: 'loan',
    title: 'A loan',
    story: 'Few changes: one in ten minutes, shown within 5 s.',
    scenario: {
      ...{ eventsPerSecond: 1 / 600, burst: 1, payloadBytes: 200, seconds: 120, pollMs: 5_000 },
      ...{ clients: each(50), network: { kind: 'clean' } },
    },
  },
  {
    name: 'bell',
    title: 'The bell',
    story: 'Three notifications a minute, in bursts, to mostly idle people.',
    scenario: {
      ...{ eventsPerSecond: 0.05, burst: 3, payloadBytes: 200, seconds: 120, pollMs: 5_000 },
      ...{ clients: each(50), network: { kind: 'clean' } },
    },
  },
  {
    name: 'chat',
    title: 'A busy room',
    story: 'Two messages a second to everyone in the room.',
    scenario: {
      ...{ eventsPerSecond: 2, burst: 1, payloadBytes: 200, seconds: 60, pollMs: 5_000 },
      ...{ clients: each(50), network: { kind: 'clean' } },
    },
  },
  {
    name: 'prices',
    title: 'Prices',
    story: 'Three hundred prices a second, all of them to everyone.',
    scenario: {
      ...{ eventsPerSecond: 300, burst: 1, payloadBytes: 60, seconds: 30, pollMs: 1_000 },
      ...{ clients: each(5), network: { kind: 'clean' } },
    },
  },
  {
    name: 'cut',
    title: 'Unreliable network',
    story: 'Two events a second, and every 10 s the network is cut for 1.4 s.',
    scenario: {
      ...{ eventsPerSecond: 2, burst: 1, payloadBytes: 200, seconds: 60, pollMs: 2_000 },
      ...{ clients: each(20), network: { kind: 'cut', everySeconds: 10, forMs: 1_400 } },
    },
  },
  {
    name: 'slow',
    title: 'Slow network',
    story: 'Two events a second over a 40 ms delay with jitter.',
    scenario: {
      ...{ eventsPerSecond: 2, burst: 1, payloadBytes: 200, seconds: 60, pollMs: 2_000 },
      ...{ clients: each(20), network: { kind: 'slow', delayMs: 40, jitterMs: 10 } },
    },
  },
]
