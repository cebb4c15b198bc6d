import { runForLeader } from '#server/database/leadership.ts'

/**
 * A process that runs for leader of a database, and writes a line per action: `act <term> <ns>` every 5 ms while it
 * leads, by the machine's monotonic clock, and `deposed` when it is deposed.
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
