import type { Talk, TalkNames } from './room-talk.ts'
import type { TickArmName } from './sockets.ts'
import { markdownTable } from './table.ts'
import type { TickRound } from './ticks-round.ts'

/** One line for each arm. */
export function ticksTable(measured: Record<TickArmName, TickRound>): string {
  const head = [
    'arm',
    'age p50',
    'p99',
    'frames/s each',
    'ticks/s made',
    'CPU of a core',
    'CPU a delivered price',
    'CPU a tick and client',
    'bytes a price',
    'live KiB each',
    'client busy',
    'unknown',
    'backwards',
    'kept back',
  ]
  const rows = Object.entries(measured).map(([arm, figures]) => [
    arm,
    `${figures.p50Ms.toFixed(0)} ms`,
    `${figures.p99Ms.toFixed(0)} ms`,
    figures.framesPerSecond.toFixed(1),
    figures.madePerSecond.toFixed(0),
    `${(figures.cpuShare * 100).toFixed(0)} %`,
    `${figures.cpuMicros.toFixed(2)} µs`,
    `${figures.tickMicros.toFixed(2)} µs`,
    figures.bytesEach.toFixed(1),
    figures.kibEach.toFixed(1),
    `${Math.round(figures.clientShare * 100)} %`,
    String(figures.unknown),
    String(figures.backwards),
    String(figures.stale),
  ])
  return markdownTable(head, rows)
}

/** What the goals are about. */
export function ratios({ wireside, 'ws, batched': bare, naive }: Record<TickArmName, TickRound>): string {
  const times = (ours: number, theirs: number) => `${(ours / theirs).toFixed(2)} ×`
  return [
    `Age p99: ${wireside.p99Ms.toFixed(0)} ms (goal ≤ 80 ms)`,
    `CPU: ${times(wireside.cpuShare, bare.cpuShare)} that of bare ws (goal ≤ 1.3)`,
    `CPU a delivered price: ${times(wireside.cpuMicros, naive.cpuMicros)} the naive arm's; a tick that a client is kept up with: ${times(wireside.tickMicros, naive.tickMicros)} (goal ≤ 0.1)`,
  ].join('\n')
}

/** A room of 100 that is talked in, at a pace and as fast as it goes. */
export function roomTable(talks: Record<TalkNames, Talk>): string {
  const head = [
    'a room of 100',
    'messages/s',
    'acknowledged p50',
    'p99',
    'all have it p50',
    'p99',
    'lost',
    'twice',
  ]
  const ms = (figure: number) => `${figure.toFixed(0)} ms`
  const rows = Object.entries(talks).map(([name, talk]) => [
    name,
    talk.messagesPerSecond.toFixed(0),
    ...[talk.ackP50Ms, talk.ackP99Ms, talk.allP50Ms, talk.allP99Ms].map(ms),
    String(talk.lost),
    String(talk.twice),
  ])
  return markdownTable(head, rows)
}
