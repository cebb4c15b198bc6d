/** What `npm run lab -- --preset bench-<name>` starts: measures on this machine and prints a table. Loopback only; bounded in time and count. */
import { benchColdStart } from './cold-start.ts'
import { benchCommits } from './commits.ts'
import { benchFiftyThousand } from './fifty-thousand.ts'
import { benchBackplanes, benchNodes } from './nodes.ts'
import { benchPolling } from './polling.ts'
import { benchSockets } from './sockets.ts'
import { benchSse } from './sse.ts'

const benches: Record<string, (options: Set<string>) => Promise<void>> = {
  commits: benchCommits,
  polling: benchPolling,
  'cold-start': benchColdStart,
  sse: benchSse,
  sockets: benchSockets,
  nodes: benchNodes,
  backplanes: benchBackplanes,
  '50k': benchFiftyThousand,
}

const [name = '', ...options] = process.argv.slice(2)
const bench = benches[name]
if (bench) await bench(new Set(options))
else {
  console.error(`Usage: npm run lab -- --preset bench-<${Object.keys(benches).join(' | ')}> [--quick]`)
  process.exitCode = 1
}
