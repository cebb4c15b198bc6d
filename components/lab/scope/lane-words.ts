import { formatCount, formatDuration } from '#components/ui/format.ts'
import type { DeliveryName, Scenario } from '#server/protocol/lab.ts'

/** Who is on a lane, and how it goes about it: `you and 50 clients, every 5 s`. */
export function laneWords(lane: DeliveryName, { clients, pollMs }: Scenario): string {
  const crowd = clients[lane]
  const others = crowd === 1 ? '1 client' : `${formatCount(crowd)} clients`
  return `${crowd === 0 ? 'you alone' : `you and ${others}`}, ${manners[lane](pollMs)}`
}

const manners: Record<DeliveryName, (pollMs: number) => string> = {
  short: (pollMs) => `every ${formatDuration(pollMs)}`,
  long: () => 'held up to 25 s',
  sse: () => 'beat every 15 s',
  socket: () => 'ping every 25 s',
}
