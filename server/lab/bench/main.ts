/** What `npm run lab -- --preset bench-<name>` starts: measures on this machine and prints its tables. Loopback only; bounded in time and count. */
import { parseArgs } from 'node:util'
import { commitOf } from './checkouts.ts'
import { benchColdStart } from './cold-start.ts'
import { benchCommits } from './commits.ts'
import { benchFiftyThousand } from './fifty-thousand.ts'
import { writeSection } from './figures.ts'
import { loadMeter, machine } from './machine.ts'
import { benchBackplanes, benchNodes } from './nodes.ts'
import { benchPolling } from './polling.ts'
import type { Bench } from './run.ts'
import { isPinned, pinClient } from './servers.ts'
import { benchSockets } from './sockets.ts'
import { benchSse } from './sse.ts'
import { benchWrites } from './writes.ts'

/** `title` is its section in FIGURES.md. What shares all cores with its clients is not pinned. */
type Preset = { title: string; bench: Bench; isPinned: boolean }

const presets: Record<string, Preset> = {
  polling: { title: 'Polling', bench: benchPolling, isPinned: true },
  sse: { title: 'Server-Sent Events', bench: benchSse, isPinned: true },
  sockets: { title: 'WebSocket', bench: benchSockets, isPinned: true },
  commits: { title: 'Commits', bench: benchCommits, isPinned: false },
  writes: { title: 'Writes', bench: benchWrites, isPinned: true },
  nodes: { title: 'News across nodes', bench: benchNodes, isPinned: false },
  backplanes: { title: 'Backplanes', bench: benchBackplanes, isPinned: false },
  'cold-start': { title: 'A cold start', bench: benchColdStart, isPinned: true },
  '50k': { title: 'Fifty thousand streams', bench: benchFiftyThousand, isPinned: false },
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    against: { type: 'string' },
  },
})
const [name = ''] = positionals
const preset = presets[name]
if (preset) await measure(preset)
else {
  console.error(`Usage: npm run lab -- --preset bench-<${Object.keys(presets).join(' | ')}> [options]`)
  process.exitCode = 1
}

async function measure({ title, bench, isPinned: pins }: Preset): Promise<void> {
  const { quick, against } = values
  const rounds = Number(values.rounds ?? (quick ? 1 : 5))
  const blocks: string[] = []
  const add = (markdown: string) => {
    blocks.push(markdown)
    console.log(`\n${markdown}`)
  }
  if (pins) pinClient()
  const startedAt = new Date()
  const load = loadMeter()
  await bench({ quick, rounds, against, add })
  const others = `${(load.othersShare() * 100).toFixed(0)} %`
  const bound =
    pins && isPinned ? 'server on one core, clients and Postgres on another' : 'all share the cores'
  const premise = `${startedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC, commit ${commitOf()}, on ${machine()}; ${bound}.
Medians (least–most) of ${rounds} turns${quick ? ', a quick run' : ''}. Load average ${load.loadAverage.toFixed(1)} at the start; others had ${others} of the CPU.`
  console.log(`\n${premise}`)
  if (values.write)
    await writeSection({ title, body: [`\`bench-${name}\`: ${premise}`, ...blocks].join('\n\n') })
}
