import { formatFigure, formatMs, formatShare } from '#components/lab/report/report-words.ts'
import { missing, onItsWay } from '#components/ui/format.ts'
import type { Story } from './use-story.ts'

/** What the chosen mode costs the database now, or cost it when it was measured; what else the polls met, below. */
export function StoryNow({ figures, isOn }: Pick<Story, 'figures' | 'isOn'>) {
  const none = isOn ? onItsWay : missing
  return (
    <div>
      <p className="flex flex-col">
        <span className="type-label">Queries a second</span>
        <output aria-label="Queries a second" aria-live="off" className="type-figure text-[32px] leading-10">
          {figures ? formatFigure(figures.queriesPerSecond) : none}
        </output>
      </p>
      <dl className="mt-2 grid grid-cols-3 border-t border-line pt-2">
        <Small name="Polls, /s" value={figures ? formatFigure(figures.pollsPerSecond) : none} />
        <Small name="p99, ms" value={figures ? formatMs(figures.p99Ms) : none} />
        <Small name="CPU of a core" value={figures ? formatShare(figures.cpuShare) : none} />
      </dl>
    </div>
  )
}

function Small({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt className="type-label">{name}</dt>
      <dd className="type-data">{value}</dd>
    </div>
  )
}
