import type { TcpProxy } from '../network/tcp-proxy.ts'
import { allFour, overLines } from './all-four.ts'
import type { Arm } from './arm.ts'
import { type NaiveServer, startNaiveServer } from './naive/start-naive-server.ts'
import type { Stage } from './stage.ts'

/** Two arms of as many clients, each over lines of its own that can be broken. */
export type BesideNaive = {
  naive: NaiveServer
  ours: Arm
  control: Arm
  /** Of ours, and of the control. */
  lines: [ours: TcpProxy[], control: TcpProxy[]]
}

/** Clients that hold a connection to ours, half of them a stream and half a socket, beside those of a naive server. */
export async function besideNaive(stage: Stage, clients: number): Promise<BesideNaive> {
  const naive = stage.use(await startNaiveServer(stage.testbed))
  const held = allFour(stage, clients / 2).filter(({ lane }) => lane === 'sse' || lane === 'socket')
  const ours = await overLines(stage, held)
  const control = await overLines(stage, [{ lane: 'control', count: clients, port: naive.port }])
  return {
    naive,
    ours: stage.arm(ours.lanes),
    control: stage.arm(control.lanes),
    lines: [ours.lines, control.lines],
  }
}
