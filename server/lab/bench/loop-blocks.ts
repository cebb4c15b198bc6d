import { once } from 'node:events'
import { gatherAudience } from './audience.ts'
import type { Server } from './core.ts'
import { median } from './median.ts'
import type { ArmName, StartArm } from './sse.ts'
import { markdownTable } from './table.ts'

const rounds = 10
const flags = ['--import', `${import.meta.dirname}/arms/loop-meter.ts`]

/** How long one broadcast keeps the server from everything else: the longest block of its event loop. */
export async function blocks(arms: Record<ArmName, StartArm>, count: number): Promise<void> {
  const rows: string[][] = []
  for (const name of ['wireside', 'res.write'] as const) {
    const { server, request, send } = await arms[name](flags)
    const audience = await gatherAudience(
      server.port,
      Array.from({ length: count }, (_, nth) => request(nth)),
    )
    const longest: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      await longestBlockMs(server)
      await audience.hear(send)
      longest.push(await longestBlockMs(server))
    }
    audience.close()
    await server.stop()
    rows.push([name, `${median(longest).toFixed(0)} ms`, `${Math.max(...longest).toFixed(0)} ms`])
  }
  const head = ['arm', 'longest block of the event loop (median)', 'worst']
  console.log(`\nDuring a broadcast to ${count}\n\n${markdownTable(head, rows)}`)
}

/** The longest since it was asked last. */
async function longestBlockMs({ child }: Server): Promise<number> {
  child.send('longest')
  const [longestMs] = await once(child, 'message')
  return Number(longestMs)
}
