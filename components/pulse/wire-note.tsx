import Link from 'next/link'
import type { LaneKind } from '#components/lane/lane-kind.ts'
import { Time } from '#components/ui/time.tsx'
import type { Trouble } from './figures.ts'

type WireNoteProps = { kind: LaneKind; trouble?: Trouble | null; hollow?: boolean }

/** What a wire does, or what keeps it from doing it. */
export function WireNote({ kind, trouble, hollow }: WireNoteProps) {
  if (hollow) {
    return (
      <p className="text-micro text-ink-2">
        Both sides may speak. Opens when you{' '}
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
          ? 'Something on the way lets no socket through. Over HTTP meanwhile.'
          : 'Something on the way holds the stream back. By long polling meanwhile.'}
      </p>
    )
  }
  return (
    <p role="status" className="text-micro text-danger">
      {trouble.sinceMs === undefined ? (
        `${trouble.title ?? 'The server refuses'}.`
      ) : (
        <>
          No answer since <Time at={trouble.sinceMs} />.
        </>
      )}{' '}
      It tries again by itself.
    </p>
  )
}

/** What is said beside each wire of the home page, and what a phone calls it. */
export const wireWords = {
  short: { short: 'Short', does: 'Ask every 5 s. Most answers say “nothing new”.' },
  long: { short: 'Long', does: 'Ask, and wait for the answer. One request for each batch.' },
  sse: { short: 'SSE', does: 'Stay connected and listen. Resumes from the last id.' },
  ws: { short: 'Socket', does: 'Stay connected and talk. Both sides may speak.' },
} as const satisfies Record<LaneKind, { short: string; does: string }>
