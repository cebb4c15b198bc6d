import { laneNames } from '#components/lab/report/report-words.ts'
import { lanes } from '#components/lane/lane-kind.ts'
import type { DeliveryName } from '#server/protocol/lab.ts'
import { type Answers, ageMs } from './answers.ts'
import type { Decision, Fit } from './decide.ts'
import type { Figures } from './figures.ts'
import { plainDuration } from './reasons/reason.ts'
import type { TurningPoint } from './turning-points.ts'

/** `Server-Sent Events`: a delivery's full name. */
export function nameOf(lane: DeliveryName): string {
  return lanes[laneNames[lane].kind].name
}

/** The name within a sentence: `long polling`. */
function nameWithin(lane: DeliveryName): string {
  return lane === 'sse' || lane === 'socket' ? nameOf(lane) : nameOf(lane).toLowerCase()
}

/** How to use the recommended delivery: the fallback, and how people send. */
export function terms({ best, fallback }: Decision, answers: Answers): string {
  const parts = [
    best.lane === 'short'
      ? `polled every ${plainDuration(ageMs[answers.age])}`
      : fallback && `with ${nameWithin(fallback.lane)} ${whenOf(best.lane, answers)}`,
    best.lane !== 'socket' && 'plain HTTP requests for what people send',
  ]
  return `${parts.filter(Boolean).join(', and ')}.`
}

function whenOf(best: DeliveryName, { legacy, proxies }: Answers): string {
  if (legacy !== 'none') return 'for clients that can’t hold a connection open'
  if (best === 'sse')
    return proxies === 'yes' ? 'when a proxy buffers the stream' : 'when no stream gets through'
  return best === 'socket' ? 'where the upgrade is blocked' : 'where connections can’t be held open'
}

/** A remark on a delivery in a few words: that it is impossible, that it is the fallback, or its greatest drawback. */
export function remarkOn(fit: Fit, { best, fallback }: Decision): string | undefined {
  if (fit.cannot) return `not possible: ${fit.cannot}`
  if (fit.lane === best.lane) return undefined
  if (fit.lane === fallback?.lane) return 'fallback'
  const [worst] = [...fit.reasons].sort((one, other) => one.points - other.points)
  return worst && worst.points < 0 ? worst.says : undefined
}

/** Whose figures these are; `on` is the date in the reader's format. */
export function sourceOf({ from, number }: Figures, on: string): string {
  return from === 'own'
    ? `figures from run ${number}, this machine`
    : `figures from the reference run, another machine, ${on}`
}

/** The new outcome: `WebSocket leads by 16`. */
export function outcomeOf({ winner, lead }: TurningPoint): string {
  const name = nameWithin(winner)
  return lead === null ? `${name} is the only option left` : `${name} leads by ${lead}`
}

/** `50 + 12 − 8 = 54`, with a note when it is clamped to a hundred. */
export function sumOfReasons({ reasons, sum, score }: Fit, start: number): string {
  const terms = reasons
    .filter(({ points }) => points !== 0)
    .map(({ points }) => (points < 0 ? ` − ${-points}` : ` + ${points}`))
  const total = sum < 0 ? `−${-sum}` : String(sum)
  const cut = score !== null && score !== sum ? `, capped at ${score}` : ''
  return `${start}${terms.join('')} = ${total}${cut}`
}

/** `+12`, `−8`, `0`. */
export function signed(points: number): string {
  if (points === 0) return '0'
  return points < 0 ? `−${-points}` : `+${points}`
}
