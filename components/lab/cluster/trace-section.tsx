import { Section } from '#components/lab/report/section.tsx'
import { Button } from '#components/ui/button.tsx'
import { formatDuration } from '#components/ui/format.ts'
import type { MessageTrace, TraceStep } from '#server/protocol/lab-cluster.ts'
import type { ClusterView } from './use-cluster.ts'

const stepWords = {
  committed: 'committed to Postgres',
  woken: 'woken by the backplane',
  produced: 'acknowledged by Kafka',
  fetched: 'fetched from Kafka',
  read: 'read from Postgres',
  framed: 'written as an SSE frame',
} as const satisfies Record<TraceStep['step'], string>

const ways = {
  entrance: { sent: 'sent over HTTP', received: 'received over SSE', by: 'client, through the entrance' },
  between: {
    sent: 'sent over a WebSocket',
    received: 'received over SSE',
    by: 'client, at the gateway itself',
  },
} as const satisfies Record<MessageTrace['kind'], object>

/** Messages, followed from process to process. */
export function TraceSection(view: ClusterView) {
  const { entrance, between } = view.followed.traces
  return (
    <Section title="The way of a message" note="one a second, while this page is open" how={howTraced}>
      <div className="grid gap-x-12 gap-y-6 pt-3 lg:grid-cols-2">
        <section aria-label="Through the entrance" className="min-w-0">
          <h3 className="flex min-h-10 items-center text-ui font-semibold">Through the entrance</h3>
          {entrance ? (
            <Steps trace={entrance} />
          ) : (
            <p className="text-ui text-ink-2">Waiting for the first one.</p>
          )}
        </section>
        <section aria-label="Between two gateways" className="min-w-0">
          <h3 className="flex min-h-10 items-center justify-between gap-4 text-ui font-semibold">
            Between two gateways
            <Button
              small
              pending={view.pending === 'send-message'}
              disabled={!view.mayRun || view.followed.state !== 'running'}
              onClick={() => view.act('send-message')}
            >
              Send a message
            </Button>
          </h3>
          {between ? (
            <Steps trace={between} />
          ) : (
            <p className="text-ui text-ink-2 text-pretty">
              One person is connected to the first gateway, the other to the second. Send a message to see the
              way that it takes.
            </p>
          )}
        </section>
      </div>
    </Section>
  )
}

function Steps({ trace: { kind, steps, receivedMs } }: { trace: MessageTrace }) {
  const { sent, received, by } = ways[kind]
  const rows = [
    { what: sent, at: by, ms: 0 },
    ...steps.map(({ step, at, ms }) => ({ what: stepWords[step], at, ms })),
    { what: received, at: by, ms: receivedMs },
  ]
  return (
    <ol>
      {rows.map(({ what, at, ms }) => (
        <li
          key={what}
          className="grid grid-cols-[var(--clock)_1fr_auto] items-baseline gap-x-3 border-b border-line py-1.5 text-ui last:border-0"
        >
          <span translate="no" className="type-data text-ink-2">
            {formatDuration(ms)}
          </span>
          <span>{what}</span>
          <span translate="no" className="type-data text-right text-ink-3">
            {at}
          </span>
        </li>
      ))}
    </ol>
  )
}

const howTraced = [
  {
    figure: 'Time',
    how: 'since the message was sent, by the clock of this machine, which all processes share. Each node notes when the message passes, and tells the lab; a step that is missing was not told in time.',
  },
  {
    figure: 'Acknowledged by Kafka',
    how: 'when the relay has the acknowledgement: a gateway may have fetched the entry before.',
  },
]
