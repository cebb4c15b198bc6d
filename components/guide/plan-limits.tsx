import { formatRate, networkWords } from '#components/lab/report/report-words.ts'
import { formatCount } from '#components/ui/format.ts'
import { keptAliveMs } from './demand.ts'
import type { Figures } from './figures.ts'
import { plainDuration } from './plain-duration.ts'

/** Ports that Linux gives to one address by default, 32768 to 60999. */
const ports = 28_232

/** What the plan does not know. */
export function PlanLimits({ figures: { lanes, scenario, from, costsFrom } }: { figures: Figures }) {
  const clients = formatCount(lanes.sse.clients)
  const said = [
    `Measured with ${clients} clients a lane, ${formatRate(scenario.eventsPerSecond)}, polled every ${plainDuration(scenario.pollMs)}, line ${networkWords(scenario.network)}. What lies beyond is computed in a straight line, and beyond 50,000 nobody here has looked.`,
    costsFrom === from
      ? undefined
      : 'Memory and CPU are those of the reference run, on another machine: under 100 clients they cannot be told from what a process uses for nobody.',
    `A process may have only so many files open (ulimit -n), and a proxy ${formatCount(ports)} ports to one of them: both end before memory does.`,
    `A short poller that comes again within ${plainDuration(keptAliveMs)} keeps its connection: it counts as an open file, but its memory was not measured.`,
    'CPU is all that the process used, its idle work too: a run with few events makes each look dear. Streams and sockets are taken to be opened anew once an hour.',
    'Not counted: TLS, proxies, Postgres itself, and everything else that your server does.',
  ]
  return (
    <ul
      aria-label="Limits of the plan"
      className="list-disc space-y-1 pl-4 text-ui text-ink-2 xl:col-span-2 xl:columns-2 xl:gap-x-18"
    >
      {said.map((sentence) => sentence && <li key={sentence}>{sentence}</li>)}
    </ul>
  )
}
