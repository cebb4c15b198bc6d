/** What `npm run lab -- --preset soak` starts; exits 1 when an entry was lost, or memory grows. */
import { randomInt } from 'node:crypto'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { createRandom } from '#server/domain/trading/random.ts'
import { nothingMissing } from '#server/lab/drills/arm.ts'
import { markdownTable } from '../turns.ts'
import { soak } from './soak.ts'

/** A process that ran for so long, warm, is judged; one that was killed soon after its start still grows. */
const judgedMinutes = 5
const mostKibPerMinute = 1_024

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(randomInt(2 ** 32)) },
  },
})
const minutes = Number(values.minutes)
console.log(
  `${minutes} minutes, seed ${values.seed} (--seed plays the same faults), load ${loadavg()[0]?.toFixed(1)}`,
)
const { faults, written, ledger, control, reconnects, lives } = await soak({
  ...{ clients: 2_000, controls: 50, eventsPerSecond: 2, faultEveryMs: 30_000, warmMs: 60_000 },
  ...{ forMs: minutes * 60_000, random: createRandom(values.seed).uniform, tell: console.log },
})
const grown = lives.filter((life) => life.minutes >= judgedMinutes && life.kibPerMinute > mostKibPerMinute)

console.log(`
${written} entries, ${faults.length} faults, ${reconnects} reconnects, load ${loadavg()[0]?.toFixed(1)}
${markdownTable(
  ['clients', 'expected', 'received', 'lost', 'late', 'twice', 'disordered'],
  Object.entries({ 'all four deliveries': ledger, 'without a cursor (control)': control }).map(
    ([name, of]) => [
      name,
      ...[of.expected, of.received, of.lost, of.late, of.repeated, of.outOfOrder].map(String),
    ],
  ),
)}

${markdownTable(
  ['process, from a minute after its start', 'minutes', 'MiB', 'KiB/min', `at most ${mostKibPerMinute}`],
  lives.map((life) => [
    life.name,
    life.minutes.toFixed(1),
    (life.kib / 1_024).toFixed(0),
    life.kibPerMinute.toFixed(0),
    life.minutes < judgedMinutes ? 'too short to say' : grown.includes(life) ? 'grows' : 'flat',
  ]),
)}`)
process.exitCode = nothingMissing(ledger) && grown.length === 0 ? 0 : 1
