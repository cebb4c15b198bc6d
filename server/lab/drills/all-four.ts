import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import type { TcpProxy } from '../network/tcp-proxy.ts'
import type { ArmLane } from './arm.ts'
import type { Stage } from './stage.ts'

/** What short polling waits between two questions, in a drill. */
const pollMs = 1_000

/** Clients of all four deliveries, straight to the process of each. */
export function allFour({ testbed }: Stage, count: number): (ArmLane & { lane: DeliveryName })[] {
  return deliveryNames.map((lane) => ({ lane, count, pollMs, port: testbed.gateways[lane].port }))
}

/** The same, each over a line of its own. */
export async function overLines(
  stage: Stage,
  lanes: readonly ArmLane[],
): Promise<{ lanes: ArmLane[]; lines: TcpProxy[] }> {
  const lines = await Promise.all(lanes.map(({ port }) => stage.line(port)))
  return { lines, lanes: lanes.map((lane, nth) => ({ ...lane, port: lines[nth]?.port ?? lane.port })) }
}
