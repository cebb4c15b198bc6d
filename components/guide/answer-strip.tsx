import { laneNames } from '#components/lab/report/report-words.ts'
import { Lane } from '#components/lane/lane.tsx'
import { Icon } from '#components/ui/icon.tsx'
import type { Fit } from './decide.ts'
import { nameOf } from './guide-words.ts'

/** Where the answer lies below the questions: what it is by now, at the foot of the window, and the way to it. */
export function AnswerStrip({ best }: { best: Fit }) {
  return (
    <a
      href="#recommendation"
      className="sticky bottom-(--tabs) z-10 -mx-(--page-x) flex h-11 items-center gap-3 border-y border-line-strong bg-bg px-(--page-x) text-ui xl:hidden"
    >
      <Lane kind={laneNames[best.lane].kind} width={28} />
      <span className="flex-1 font-semibold">{nameOf(best.lane)}</span>
      <span className="type-data">{best.score}</span>
      <Icon name="down" className="text-ink-2" />
    </a>
  )
}
