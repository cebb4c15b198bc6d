import Link from 'next/link'
import type { LaneKind } from '#components/lane/lane-kind.ts'
import { Time } from '#components/ui/time.tsx'
import type { Trouble } from './figures.ts'

type WireNoteProps = { kind: LaneKind; trouble?: Trouble | null; hollow?: boolean }

/** A wire's activity, or what prevents it. */
export function WireNote({ kind, trouble, hollow }: WireNoteProps) {
  if (hollow) {
    return (
      <p className="text-micro text-ink-2">
        Both sides send. Opens when you{' '}
        <Link href="/sign-in" className="link">
          sign in
        </Link>
        .
      </p>
    )
  }
  if (!trouble) return <p className="text-micro text-ink-2">{wireWords[kind].does}</p>
  if (trouble.fallback) {
    return (
      <p role="status" className="text-micro text-long-ink">
        {kind === 'ws'
          ? 'Something between you and the server blocks WebSocket. Using HTTP for now.'
          : 'A proxy is buffering the stream. Using long polling for now.'}
      </p>
    )
  }
  return (
    <p role="status" className="text-micro text-danger">
      {trouble.sinceMs === undefined ? (
        `${trouble.title ?? 'The server refused the connection'}.`
      ) : (
        <>
          No response since <Time at={trouble.sinceMs} />.
        </>
      )}{' '}
      Retrying automatically.
    </p>
  )
}

/** The description of each wire on the home page, and its short name on phones. */
export const wireWords = {
  short: { short: 'Short', does: 'Poll every 5 s. Most responses say “not modified”.' },
  long: { short: 'Long', does: 'Send a request and wait. One request per batch of events.' },
  sse: { short: 'SSE', does: 'Stay connected and receive. Resumes from the last event ID.' },
  ws: { short: 'Socket', does: 'Stay connected. Both sides send at any time.' },
} as const satisfies Record<LaneKind, { short: string; does: string }>
