import { runForLeader } from '#server/database/leadership.ts'

/**
 * A process of its own that runs for leader of a database, and writes a line for what it does: `act <term> <ns>` each
 * 5 ms while it leads, by the machine's monotonic clock, and `deposed` when it leads no more.
 */
const [url = '', times = '{}'] = process.argv.slice(2)
const write = (line: string) => void process.stdout.write(`${line}\n`)
const leadership = runForLeader(url, {
  name: 'test',
  ...JSON.parse(times),
  onElected: () => undefined,
  onDeposed: () => write('deposed'),
})
setInterval(() => {
  const term = leadership.term()
  if (term !== undefined) write(`act ${term} ${process.hrtime.bigint()}`)
}, 5)
