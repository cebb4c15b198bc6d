'use client'

import Link from 'next/link'
import { IncidentsSection } from '#components/lab/report/incidents-section.tsx'
import { Section } from '#components/lab/report/section.tsx'
import { runTitle } from '#components/lab/runs/run-words.ts'
import { PhoneTitle } from '#components/shell/phone-title.tsx'
import { Button, ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PendingDashes } from '#components/ui/skeleton.tsx'
import { BackplanesSection } from './backplanes-section.tsx'
import { ClusterFigures, LedgerFigures } from './cluster-figures.tsx'
import { ClusterMap } from './cluster-map.tsx'
import { GatewayActions } from './gateway-actions.tsx'
import { PartsTable } from './parts-table.tsx'
import { TraceSection } from './trace-section.tsx'
import { type ClusterView, useCluster } from './use-cluster.ts'

/** A cluster on this machine: started, watched and stopped from here. */
export function ClusterPage() {
  const view = useCluster()
  const { followed, isGoingOn } = view
  const { cluster, run } = followed
  const report = run?.outcome?.kind === 'cluster' ? run.outcome.report : undefined
  return (
    <>
      <PhoneTitle back="/lab" backLabel="Lab" title="Cluster" />
      <div className="page-x pt-8 pb-28 md:pb-16">
        <header className="flex flex-wrap items-start justify-between gap-4 pb-6">
          <div className="max-w-[856px]">
            <h1 className="type-title">Cluster</h1>
            <p className="mt-2 text-lead text-ink-2 text-pretty">
              Wireside on several nodes: a load balancer, gateways, a web, a worker and the engines that this
              machine has, with a few clients on every delivery. Everything runs here, and ends ten minutes
              after the last page that watches it.
            </p>
          </div>
          <div className="flex flex-wrap gap-2">
            <ButtonLink href="/lab">The lab</ButtonLink>
            <StartStop {...view} />
          </div>
        </header>
        <Status {...view} />
        {isGoingOn && cluster && (
          <div className="space-y-10">
            <LedgerFigures ledger={cluster.ledger} />
            <GatewayActions {...view} />
            {followed.incidents.length > 0 && (
              <IncidentsSection title="What happened" incidents={followed.incidents} />
            )}
            <ClusterMap parts={cluster.parts} />
            <TraceSection {...view} />
            <Section title="Processes" note="figures of the last second" how={howPartsAreMeasured}>
              <PartsTable parts={cluster.parts} />
            </Section>
            {cluster.missing.length > 0 && (
              <ul className="text-ui text-ink-2">
                {cluster.missing.map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
            )}
          </div>
        )}
        {report && !isGoingOn && (
          <Section title="The last cluster">
            <div className="pt-4">
              <ClusterFigures report={report} />
            </div>
          </Section>
        )}
        <div className="mt-10">
          <BackplanesSection />
        </div>
      </div>
    </>
  )
}

function StartStop({ isGoingOn, pending, mayRun, other, start, stop, followed }: ClusterView) {
  if (isGoingOn) {
    const isStopping = pending === 'stop' || followed.state === 'finishing'
    return (
      <Button pending={isStopping} onClick={stop}>
        {isStopping ? 'Stopping' : 'Stop the cluster'}
      </Button>
    )
  }
  return (
    <Button
      look="primary"
      pending={pending === 'start'}
      disabled={!mayRun || other !== undefined}
      onClick={start}
    >
      Start a cluster
    </Button>
  )
}

const stateSentences = {
  preparing: 'Starting. This takes half a minute, and longer on a busy machine.',
  running: '',
  finishing: 'Draining the nodes.',
  done: '',
  stopped: 'The cluster has stopped, and none of its processes is left.',
  failed: '',
} as const

function Status({ followed, mayRun, other, refusal, trouble, isGoingOn }: ClusterView) {
  const { state, detail, run } = followed
  const sentence = state && stateSentences[state]
  return (
    <div className="space-y-3 pb-6 empty:pb-0">
      {trouble && (
        <Notice danger>
          <strong className="font-semibold">The lab isn’t responding.</strong> {trouble}
        </Notice>
      )}
      {refusal && <Notice danger>{refusal}</Notice>}
      {state === 'failed' && (
        <Notice danger>
          <strong className="font-semibold">The cluster couldn’t be started.</strong>{' '}
          {run?.failure ?? detail ?? 'No reason was given.'}
        </Notice>
      )}
      {other && (
        <Notice>
          Another run is in progress:{' '}
          <Link className="link" href={`/lab/runs/${other.id}`}>
            {runTitle(other)}
          </Link>
          . Only one can run at a time, so that runs don’t affect each other.
        </Notice>
      )}
      {mayRun === false && (
        <Notice>
          A cluster uses the whole machine, so you can only start one in demo mode, on this machine, when one
          process has all roles. <code>npm run cluster</code> starts one from the command line.
        </Notice>
      )}
      {sentence && (
        <p role="status" className="flex items-center gap-3 text-ui text-ink-2">
          {isGoingOn && <PendingDashes />}
          {sentence}
        </p>
      )}
    </div>
  )
}

const howPartsAreMeasured = [
  {
    figure: 'Connections',
    how: 'open TCP connections, by each process’s own count; at the clients, those that are connected.',
  },
  {
    figure: 'Events/s',
    how: 'what the clients received, a web or worker appended, a gateway took from Kafka or read from the log, the relay produced, and Postgres stored; prices at the price service.',
  },
  {
    figure: 'Wake-ups/s',
    how: 'messages that came from other nodes over the backplane; at Redis, what was published.',
  },
  { figure: 'Statements/s', how: 'sent to Postgres by the process; at Postgres, all that it ran.' },
  {
    figure: 'CPU and memory',
    how: 'by the kernel, for that process alone; Postgres without its shared buffers.',
  },
]
