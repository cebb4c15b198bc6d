import type { Broadcast } from './broadcast.ts'
import type { ArmName } from './sse.ts'
import { markdownTable } from './table.ts'

/** One line for each arm. */
export function broadcastTable(count: number, measured: Record<ArmName, Broadcast>): string {
  const head = [
    'arm',
    'all connected in',
    'KiB each, idle',
    'after the broadcasts',
    'the last has it in (median)',
    'worst',
    'first to last',
    'deliveries/s',
    'CPU a delivery',
    'client busy',
    'lost',
    'twice',
  ]
  const rows = Object.entries(measured).map(([arm, figures]) => [
    arm,
    `${(figures.connectMs / 1_000).toFixed(1)} s`,
    figures.idleKib.toFixed(1),
    figures.afterKib.toFixed(1),
    `${figures.lastMs.toFixed(0)} ms`,
    `${figures.worstMs.toFixed(0)} ms`,
    `${figures.spreadMs.toFixed(0)} ms`,
    String(Math.round((count * 1_000) / figures.lastMs)),
    `${figures.cpuMicros.toFixed(1)} µs`,
    `${Math.round(figures.clientShare * 100)} %`,
    String(figures.lost),
    String(figures.twice),
  ])
  return markdownTable(head, rows)
}

/** What the goals are about: ours against the naive arm's. */
export function ratios({ wireside, 'res.write': naive }: Record<ArmName, Broadcast>): string {
  const times = (ours: number, theirs: number) => `${(ours / theirs).toFixed(2)} ×`
  return [
    `Memory after the broadcasts: ${times(wireside.afterKib, naive.afterKib)} res.write's (goal ≤ 0.9; stretch ≤ 5 KiB)`,
    `Time to the last: ${times(wireside.lastMs, naive.lastMs)} (goal ≤ 0.95, stretch ≤ 0.8); first to last: ${times(wireside.spreadMs, naive.spreadMs)}`,
    `CPU a delivery: ${times(wireside.cpuMicros, naive.cpuMicros)}`,
  ].join('\n')
}
