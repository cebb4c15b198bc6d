import { formatFigure } from '#components/lab/report/report-words.ts'
import { formatBytes } from '#components/ui/format.ts'
import type { DeliveryName } from '#server/protocol/lab.ts'
import type { Figures } from '../figures.ts'
import { type Criterion, measure, specs } from './reason.ts'

/** Who speaks. A way back that is used is worth most; one that is not costs its upkeep. */
export const direction: Criterion = (lane, { speaks }, figures) => {
  if (speaks === 'server') {
    if (lane === 'sse')
      return {
        points: 12,
        says: 'Only the server speaks, so one direction is enough',
        restsOn: specs.eventStream,
        ...sentUp(lane, figures),
      }
    if (lane === 'socket')
      return {
        points: -6,
        says: 'You would not use the way back',
        restsOn: specs.webSocket,
        ...sentUp(lane, figures),
      }
    return undefined
  }
  if (lane === 'socket') {
    return {
      points: 20,
      says: 'Both sides speak on one connection, in order',
      restsOn: specs.webSocket,
      ...sentUp(lane, figures),
    }
  }
  return {
    points: lane === 'short' ? -12 : -10,
    says: 'What people send needs a request of its own',
    restsOn: specs.webSocket,
    ...measure(figures, 'short', ({ upPerRequest }) =>
      upPerRequest === null
        ? undefined
        : { figure: `↑ ${formatBytes(Math.round(upPerRequest))}`, note: 'of headers with each thing said' },
    ),
  }
}

function sentUp(lane: 'sse' | 'socket', figures: Figures | undefined) {
  return measure(figures, lane, ({ upPerClientMinute }, { lanes }) => {
    if (upPerClientMinute === null) return undefined
    const other: DeliveryName = lane === 'sse' ? 'socket' : 'sse'
    return {
      figure: `↑ ${formatFigure(upPerClientMinute / 1_000)} KB/min`,
      note: comparison(
        upPerClientMinute,
        lanes[other].upPerClientMinute,
        lane === 'sse' ? 'WebSocket' : 'SSE',
      ),
    }
  })
}

function comparison(mine: number, theirs: number | null, name: string): string {
  if (!theirs || mine === 0) return 'for each client, sent by it'
  return mine <= theirs
    ? `${formatFigure(theirs / mine)} × less than ${name} here`
    : `${formatFigure(mine / theirs)} × more than ${name} here`
}
