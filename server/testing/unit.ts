import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { compileCache } from './compile-cache.ts'

const everywhere = ['server', 'components', 'app', 'prisma'].map((folder) => `${folder}/**/*.test.ts`)
/** These mostly wait: for a Postgres, a Kafka or processes of their own, or for faults to heal. */
const waiting = /^server\/(backplane|cluster|database|deliver\/nodes|kafka|lab|testing\/faults)[/.]/
/** Per half, since the halves take about as long: four in all, as a file spends more than half its time waiting. */
const filesAtOnce = 2

/** `npm run test:unit [-- <file or flag> …]`: all unit and integration tests, or those files, on one Postgres. */
const given = process.argv.slice(2)
const files = given.filter((arg) => !arg.startsWith('-'))
const flags = given.filter((arg) => arg.startsWith('-'))

function start(tests: readonly string[], output: 'inherit' | 'pipe', atOnce: number) {
  return spawn(
    process.execPath,
    [
      ...[
        '--test',
        '--test-global-setup=server/testing/global-setup.ts',
        '--import=./server/leave-at-once.ts',
        // A test that hangs fails in minutes and says where; none of ours takes as long.
        '--test-timeout=240000',
        `--test-concurrency=${atOnce}`,
      ],
      ...flags,
      ...tests,
    ],
    { stdio: ['ignore', output, 'inherit'], env: { ...process.env, ...compileCache } },
  )
}

async function all(): Promise<number> {
  const found = globSync(everywhere).map((path) => path.replaceAll('\\', '/'))
  const aside = start(found.filter((path) => waiting.test(path)).toSorted(), 'pipe', filesAtOnce)
  const asideEnded = once(aside, 'exit')
  const asideSaid = aside.stdout ? text(aside.stdout) : ''
  const main = start(found.filter((path) => !waiting.test(path)).toSorted(), 'inherit', filesAtOnce)
  const [status] = await once(main, 'exit')
  const [asideStatus] = await asideEnded
  console.log(await asideSaid)
  return status || asideStatus
}

async function some(): Promise<number> {
  const [status] = await once(start(files, 'inherit', 1), 'exit')
  return status
}

process.exitCode = (await (files.length > 0 ? some() : all())) ?? 1
