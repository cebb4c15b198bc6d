import Link from 'next/link'
import { onItsWay } from '#components/ui/format.ts'
import { formatTime } from '#components/ui/format-time.ts'
import { Time } from '#components/ui/time.tsx'
import type { Figures } from './figures.ts'
import { sourceOf } from './guide-words.ts'
import type { FiguresFound } from './use-figures.ts'

/** Whose figures the guide uses. */
export function FiguresNote({ found }: { found: FiguresFound | undefined }) {
  return (
    <p role="status" className="type-data text-ink-3 max-md:min-h-8">
      {found === undefined ? `figures ${onItsWay}` : <Source figures={figuresIn(found)} />}
    </p>
  )
}

/** The figures found, even if something else failed. */
export function figuresIn(found: FiguresFound | undefined): Figures | undefined {
  return found && 'figures' in found ? found.figures : undefined
}

function Source({ figures }: { figures: Figures | undefined }) {
  if (!figures) return 'no measurements yet'
  const words = sourceOf(figures, formatTime(new Date(figures.startedAt), 'date'))
  if (figures.from === 'reference') return words
  return (
    <>
      <Link href={`/lab/runs/${figures.id}`} className="link">
        {words}
      </Link>
      , <Time at={new Date(figures.startedAt).getTime()} style="date" />
    </>
  )
}
