import type { TcpProxy } from '#server/lab/network/tcp-proxy.ts'
import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import type { Arm, ArmLane } from './arm.ts'
import { type NaiveServer, startNaiveServer } from './naive/start-naive-server.ts'
import type { Stage } from './stage.ts'

/** Two arms of equal size, each through proxies of its own that can be broken. */
type BesideNaive = {
  naive: NaiveServer
  ours: Arm
  control: Arm
  /** Of ours, and of the control. */
  lines: [ours: TcpProxy[], control: TcpProxy[]]
}

/** Our streams and sockets, half of each, beside clients of a naive server. */
export async function besideNaive(stage: Stage, clients: number): Promise<BesideNaive> {
  const naive = stage.use(await startNaiveServer(stage.testbed))
  const held = allFour(stage, clients / 2).filter(({ lane }) => lane === 'sse' || lane === 'socket')
  const ours = await overProxies(stage, held)
  const control = await overProxies(stage, [{ lane: 'control', count: clients, port: naive.port }])
  return {
    naive,
    ours: stage.arm(ours.lanes),
    control: stage.arm(control.lanes),
    lines: [ours.lines, control.lines],
  }
}

/** The interval of short polling in a drill. */
const pollMs = 1_000

/** Clients of all four deliveries, connected directly to the process of each. */
export function allFour({ testbed }: Stage, count: number): (ArmLane & { lane: DeliveryName })[] {
  return deliveryNames.map((lane) => ({ lane, count, pollMs, port: testbed.gateways[lane].port }))
}

/** The same lanes, each through a proxy of its own. */
export async function overProxies(
  stage: Stage,
  lanes: readonly ArmLane[],
): Promise<{ lanes: ArmLane[]; lines: TcpProxy[] }> {
  const lines = await Promise.all(lanes.map(({ port }) => stage.line(port)))
  return { lines, lanes: lanes.map((lane, nth) => ({ ...lane, port: lines[nth]?.port ?? lane.port })) }
}
