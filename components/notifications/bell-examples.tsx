'use client'
import { type ConnectionView, newConnection } from '#components/live/connection.ts'
import { useNow } from '#components/live/use-now.ts'
import { streamBadge } from '#components/shell/stream-badge.ts'
import { Badge } from '#components/ui/badge.tsx'
import { showToast } from '#components/ui/toast-store.ts'
import type { Notice, WireNotification } from '#server/protocol/notifications.ts'
import type { Person } from '#server/protocol/people.ts'
import { BellRow, type RowWire } from './bell-row.tsx'
import type { NotificationRow } from './notification-rows.ts'
import { WireStateLine } from './wire-state-line.tsx'

type Example = { view: Partial<ConnectionView>; wire: RowWire }

/** Examples of the bell live, catching up, offline and in its fallback. `nowMs` is server time. */
export function BellExamples({ nowMs }: { nowMs: number }) {
  const now = useNow(1_000) ?? nowMs
  const examples: readonly Example[] = [
    { view: { state: 'live', beatAtMs: now - 4_000, beatMs: 15_000 }, wire: { kind: 'sse', cut: false } },
    {
      view: { state: 'catching-up', caughtUp: { done: 12, of: 31 }, missedForMs: 130_000 },
      wire: { kind: 'sse', cut: false },
    },
    {
      view: { state: 'offline', offlineSinceMs: nowMs - 14_000, nextTryAtMs: now + 6_000 },
      wire: { kind: 'sse', cut: true },
    },
    {
      view: { state: 'fallback', fallbackReason: { how: 'bunches', heldMs: 8_000 } },
      wire: { kind: 'long', cut: false },
    },
  ]
  return (
    <div className="grid grid-cols-1 items-start gap-8 lg:grid-cols-2">
      {examples.map(({ view, wire }) => (
        <PanelExample
          key={view.state}
          view={{ ...newConnection({ state: 'opening' }), ...view }}
          wire={wire}
          nowMs={now}
          atMs={nowMs}
        />
      ))}
    </div>
  )
}

type PanelExampleProps = { view: ConnectionView; wire: RowWire; nowMs: number; atMs: number }

function PanelExample({ view, wire, nowMs, atMs }: PanelExampleProps) {
  return (
    <section
      aria-label={`The bell: ${view.state}`}
      className="min-w-0 max-w-118 border border-ink bg-raised [--surface:var(--raised)]"
    >
      <div className="flex h-12 items-center justify-between gap-3 border-b border-line px-4">
        <h3 className="type-section">Notifications</h3>
        <Badge wire={streamBadge(view, nowMs)} roomy />
      </div>
      <div className="flex flex-col gap-1.5 border-b border-line-strong px-4 py-2.5 text-ui text-ink-2">
        <WireStateLine
          wire={view}
          nowMs={nowMs}
          tryNow={() => example('This is an example; there is nothing to retry.')}
        />
      </div>
      {/* Inert, because its links would lead to posts that do not exist. */}
      <ul inert className="[&>li:last-child]:border-0">
        {exampleRows(atMs).map((row) => (
          <BellRow key={row.key} row={row} wire={wire} arrived={false} onRead={nothing} onGo={nothing} />
        ))}
      </ul>
    </section>
  )
}

function example(text: string) {
  showToast({ title: 'An example.', text })
}

function exampleRows(atMs: number): NotificationRow[] {
  const likes = ['Mira Aalto', 'Ilya Sørensen', 'Dana Whitlock', 'Sam Okafor'].map((name, n) =>
    made(91 - n, atMs - n * 9_000, {
      kind: 'like',
      data: { postId: 315, excerpt: 'First loan paid out through the new flow.', by: person(name) },
    }),
  )
  const comment = made(87, atMs - 79_000, {
    kind: 'comment',
    data: { postId: 315, commentId: 12, excerpt: 'Which stage took longest?', by: person('Ilya Sørensen') },
  })
  return [
    ...likes.slice(0, 1).map((newest) => ({ key: 'likes', newest, items: likes })),
    { key: 'comment', newest: comment, items: [comment] },
  ]
}

function made(seq: number, atMs: number, notice: Notice): WireNotification {
  return { seq, at: new Date(atMs).toISOString(), readAt: null, ...notice }
}

function nothing() {
  return
}

function person(name: string): Person {
  return { id: name, name, handle: 'example' }
}
