import { formatRate, networkWords } from '#components/lab/report/report-words.ts'
import { crowdWords } from '#components/lab/runs/run-words.ts'
import { classes } from '#components/ui/classes.ts'
import { formatCount, formatCountdown, formatDuration } from '#components/ui/format.ts'
import type { Incident } from '#server/protocol/lab-report.ts'
import type { Scenario } from '#server/protocol/lab-schemas.ts'

type Props = { scenario: Scenario; written: number | undefined; incidents: readonly Incident[] }

/**
 * The figures of the scenario that runs or would run, how many events were written, and what was last done to the
 * network.
 */
export function RunFacts({ scenario, written, incidents }: Props) {
  const { eventsPerSecond, seconds, pollMs, network } = scenario
  const latest = incidents.findLast(({ untilMs }) => untilMs !== undefined)
  const planned = Math.floor(eventsPerSecond * seconds)
  const facts = [
    { name: 'Events', value: formatCount(written ?? planned) },
    { name: 'Rate', value: formatRate(eventsPerSecond) },
    { name: 'Clients', value: crowdWords(scenario) },
    { name: 'Poll every', value: formatDuration(pollMs).replace('.0', '') },
    { name: 'Network', value: networkWords(network), isWide: true },
    ...(latest ? [{ name: latest.what, value: lastedWords(latest), isWide: true }] : []),
  ]
  return (
    <dl className="flex flex-wrap gap-y-2 max-md:justify-between max-md:border-b max-md:border-line-strong max-md:pb-3">
      {facts.map(({ name, value, isWide }) => (
        <div
          key={name}
          className={classes(
            'md:border-l md:border-line-strong md:px-4 md:first:border-0 md:first:pl-0',
            isWide && 'max-md:hidden',
          )}
        >
          <dt className="type-label">{name}</dt>
          <dd className="font-mono text-[14px] leading-6 whitespace-nowrap">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function lastedWords({ atMs, untilMs = atMs }: Incident): string {
  return `${formatDuration(untilMs - atMs)} at ${formatCountdown(atMs)}`
}
