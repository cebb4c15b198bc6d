import { defaultHorzScaleBehavior } from 'lightweight-charts'

type Behavior = InstanceType<ReturnType<typeof defaultHorzScaleBehavior>>
type Points = Parameters<Behavior['fillWeightsForPoints']>[0]

/**
 * A time axis whose days, months and round hours begin when the reader's do. The library's own counts them in UTC: west
 * of Greenwich the mark of a day stood at 19:00 of the day before.
 */
export class LocalTimeScale extends defaultHorzScaleBehavior() {
  override fillWeightsForPoints(points: Points, startIndex: number): void {
    // One before the first, for a weight is what has changed since then.
    const from = Math.max(0, startIndex - 1)
    const local = points.slice(from).map((point) => ({
      ...point,
      time: this.convertHorzItemToInternal(localSeconds(Number(this.key(point.time))) as never),
    }))
    super.fillWeightsForPoints(local, startIndex - from)
    for (const [nth, { timeWeight }] of local.entries()) {
      const point = points[from + nth]
      if (point && from + nth >= startIndex) point.timeWeight = timeWeight
    }
  }
}

/** The seconds at which UTC's clocks show what the reader's show at `at`. */
function localSeconds(at: number): number {
  return at - new Date(at * 1_000).getTimezoneOffset() * 60
}
