import { laneNames } from '#components/lab/report/report-words.ts'
import { Lane } from '#components/lane/lane.tsx'
import { laneColor } from '#components/lane/lane-kind.ts'
import { LaneLine } from '#components/lane/lane-line.tsx'
import { Marker } from '#components/lane/marker.tsx'
import { missing } from '#components/ui/format.ts'
import { Icon } from '#components/ui/icon.tsx'
import { BasisLink } from './because-table.tsx'
import { type Decision, type Fit, startingScore } from './decide.ts'
import { nameOf, remarkOn, signed, sumOfReasons } from './guide-words.ts'

/** The four deliveries with their scores, best first; each expands to its full arithmetic. */
export function Ranking({ decision }: { decision: Decision }) {
  return (
    <ol aria-label="How each one scores" className="border-b border-line py-2">
      {decision.fits.map((fit) => (
        <li key={fit.lane}>
          <details className="group">
            <summary className="grid min-h-7.5 cursor-pointer list-none grid-cols-[28px_minmax(0,1fr)_28px_16px] items-center gap-x-3 py-1 text-[14px] max-md:min-h-11 md:grid-cols-[28px_minmax(0,1fr)_200px_28px_16px] [&::-webkit-details-marker]:hidden">
              <Lane kind={laneNames[fit.lane].kind} width={28} hollow={fit.score === null} />
              <span className="min-w-0">
                <span className="font-semibold">{nameOf(fit.lane)}</span>
                <span className="ml-3 text-ui text-ink-2">{remarkOn(fit, decision)}</span>
              </span>
              <Bar fit={fit} />
              <span className="type-data text-right">{fit.score ?? missing}</span>
              <Icon name="chevron-down" className="text-ink-3 group-open:rotate-180" />
            </summary>
            <Arithmetic fit={fit} />
          </details>
        </li>
      ))}
    </ol>
  )
}

const width = 200
const reach = 6

function Bar({ fit: { lane, score } }: { fit: Fit }) {
  const { kind } = laneNames[lane]
  const end = reach + ((score ?? 0) / 100) * (width - 2 * reach)
  return (
    <svg width={width} height={16} className={`block max-md:hidden ${laneColor[kind]}`} aria-hidden>
      <path d={`M0 8H${width}`} className="stroke-line-strong" />
      {score !== null && (
        <>
          <LaneLine kind={kind} from={0} to={end} at={8} />
          <Marker kind={kind} x={end} y={8} weight={0.85} />
        </>
      )}
    </svg>
  )
}

function Arithmetic({ fit }: { fit: Fit }) {
  return (
    <div className="mb-3 bg-sunken px-3 py-2 text-ui text-ink-2">
      <ul>
        {fit.reasons.map(({ says, points, restsOn, cannot }) => (
          <li key={says} className="grid grid-cols-[36px_minmax(0,1fr)] gap-x-3">
            <span className="type-data text-right leading-5">{cannot ? 'out' : signed(points)}</span>
            <span>
              {says} · <BasisLink basis={restsOn} />
            </span>
          </li>
        ))}
      </ul>
      <p className="type-data mt-2 leading-5 text-ink">
        {fit.cannot ? 'Not possible, so it has no score.' : sumOfReasons(fit, startingScore)}
      </p>
    </div>
  )
}
