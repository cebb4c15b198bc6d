/**
 * A separate process, so that its work does not count in others' measurements: sockets that send hostile packets and
 * floods, one after the other, until the time is up. Writes its report as JSON.
 */
import { setPriority } from 'node:os'
import { brokenPackets, floods, refusedEvents } from './hostile-packets.ts'
import { type RawSocket, rawSocket } from './raw-socket.ts'

/** What the crowd did: attacks, connections lost because of them, and refused upgrades. */
export type CrowdReport = { attacks: Record<string, number>; ended: number; refused: number }

// Where cores are few, the measuring processes have priority: the test measures the server's fairness, not the
// kernel's.
setPriority(19)
const [port = 0, sockets = 0, forMs = 0] = process.argv.slice(2, 5).map(Number)
const cookies = process.argv.slice(5)
const betweenMs = 40
const herd = 30
const report: CrowdReport = { attacks: {}, ended: 0, refused: 0 }
const until = performance.now() + forMs

const attacks: [string, (socket: RawSocket) => unknown][] = [
  ...Object.entries(brokenPackets),
  ...refusedEvents.map(([name, event]): [string, (socket: RawSocket) => unknown] => [
    name,
    (socket) => socket.send(`420${event}`),
  ]),
  // Listed often, so that each of twenty sockets sends several.
  ...Array(3).fill(Object.entries(floods)).flat(),
  ['connections', () => Promise.all(Array.from({ length: herd }, (_, nth) => comeAndGo(nth)))],
]

async function comeAndGo(nth: number) {
  const socket = await open(nth)
  socket?.close()
}

async function open(nth: number): Promise<RawSocket | undefined> {
  try {
    return await rawSocket(port, { cookie: cookies[nth % cookies.length] ?? '' })
  } catch {
    // The cap, which is there for this.
    report.refused += 1
    return undefined
  }
}

async function attack(nth: number) {
  let socket = await open(nth)
  // Each socket starts elsewhere, with a step that visits every attack.
  for (let at = nth * 7; performance.now() < until; at += 1) {
    const [name, send] = attacks[(at * 31) % attacks.length] ?? ['nothing', () => undefined]
    if (socket?.isOpen()) {
      report.attacks[name] = (report.attacks[name] ?? 0) + 1
      await send(socket)
    } else {
      report.ended += socket ? 1 : 0
      socket = await open(nth)
    }
    await new Promise((resolve) => setTimeout(resolve, betweenMs))
  }
  socket?.close()
}

await Promise.all(Array.from({ length: sockets }, (_, nth) => attack(nth)))
console.log(JSON.stringify(report))
process.exit()
