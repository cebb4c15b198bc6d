import { type Answers, ageMs, changesPerSecond } from '#components/guide/answers.ts'
import { formatFigure, formatShare, networkWords } from '#components/lab/report/report-words.ts'
import { formatBytes, formatDuration } from '#components/ui/format.ts'
import type { DeliveryName } from '#server/protocol/lab.ts'
import type { Figures } from '../figures.ts'
import { arithmetic, type Criterion, measure, plainDuration, type Reason, ruleOf, specs } from './reason.ts'

/** Which side sends. A back channel that is used is worth most; an unused one costs its upkeep. */
export const direction: Criterion = (lane, { speaks }, figures) => {
  if (speaks === 'server') {
    if (lane === 'sse')
      return {
        points: 12,
        says: 'Only the server sends, so one direction is enough',
        restsOn: specs.eventStream,
        ...sentUp(lane, figures),
      }
    if (lane === 'socket')
      return {
        points: -6,
        says: 'The client-to-server direction would go unused',
        restsOn: specs.webSocket,
        ...sentUp(lane, figures),
      }
    return undefined
  }
  if (lane === 'socket') {
    return {
      points: 20,
      says: 'Both sides send on one connection, in order',
      restsOn: specs.webSocket,
      ...sentUp(lane, figures),
    }
  }
  return {
    points: lane === 'short' ? -12 : -10,
    says: 'Everything people send needs its own request',
    restsOn: specs.webSocket,
    ...measure(figures, 'short', ({ upPerRequest }) =>
      upPerRequest === null
        ? undefined
        : { figure: `↑ ${formatBytes(Math.round(upPerRequest))}`, note: 'of headers on each message sent' },
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
  if (!theirs || mine === 0) return 'sent by each client'
  return mine <= theirs
    ? `${formatFigure(theirs / mine)} × less than ${name} here`
    : `${formatFigure(mine / theirs)} × more than ${name} here`
}

const bySpec = { long: 'LP1', sse: 'SSE3', socket: 'WS3' } as const

/** How stale a shown value gets. Immediate delivery is worth something only to those who cannot wait. */
export const age: Criterion = (lane, answers, figures) => {
  const limitMs = ageMs[answers.age]
  if (lane === 'short') {
    return {
      points: 0,
      says: `${plainDuration(limitMs / 2)} old on average, ${plainDuration(limitMs)} at worst`,
      restsOn: arithmetic,
      ...measured(lane, figures),
    }
  }
  return pushed(lane, answers, figures)
}

function pushed(lane: 'long' | 'sse' | 'socket', answers: Answers, figures: Figures | undefined): Reason {
  const limitMs = ageMs[answers.age]
  const limit = plainDuration(limitMs)
  if (isLate(figures?.lanes[lane].p99Ms, figures, limitMs)) {
    return {
      points: -10,
      says: `Took longer than ${limit} in this run`,
      restsOn: { name: 'measured' },
      ...measured(lane, figures),
    }
  }
  const points = { '30s': 0, '5s': 4, '1s': 8, '100ms': 8 }[answers.age]
  return {
    points,
    says:
      points === 0
        ? `Arrives immediately, when ${limit} would do`
        : `Arrives immediately; the limit is ${limit}`,
    restsOn: ruleOf(bySpec[lane]),
    ...measured(lane, figures),
  }
}

/** Only a clean network shows what the delivery itself can do. */
function isLate(p99Ms: number | null | undefined, figures: Figures | undefined, limitMs: number): boolean {
  return figures?.scenario.network.kind === 'clean' && typeof p99Ms === 'number' && p99Ms > limitMs
}

function measured(lane: DeliveryName, figures: Figures | undefined) {
  return measure(figures, lane, ({ p99Ms }, { scenario }) =>
    p99Ms === null
      ? undefined
      : {
          figure: `${formatDuration(p99Ms)} p99`,
          note:
            lane === 'short'
              ? `polled every ${plainDuration(scenario.pollMs)} in the run`
              : scenario.network.kind === 'clean'
                ? 'commit to handler, clean network'
                : `on this network: ${networkWords(scenario.network)}`,
        },
  )
}

const changeWords: Record<Answers['changes'], string> = {
  daily: 'a day',
  hourly: 'an hour',
  minute: 'a minute',
  second: 'a second',
  often: 'a twentieth of a second',
}
/** For holding a connection that hardly ever carries anything. */
const idlePoints: Partial<Record<Answers['changes'], number>> = { daily: -14, hourly: -10 }
/** For sending each change as a small frame on an open connection. */
const framePoints: Partial<Record<Answers['changes'], number>> = { second: 4, often: 8 }

/** How often it changes: a held connection must be worth holding, and a poll should bring something. */
export const change: Criterion = (lane, { changes, age }, figures) => {
  if (lane === 'short') return ofPolls(changes, age, figures)
  const idle = idlePoints[changes]
  if (idle !== undefined) {
    return {
      points: idle,
      says: `A connection stays open for ${changeWords[changes]} to deliver one change`,
      restsOn: lane === 'long' ? specs.heldRequest : arithmetic,
    }
  }
  const frames = lane === 'long' ? undefined : framePoints[changes]
  if (frames === undefined) return undefined
  return {
    points: frames,
    says: 'A change is one small frame, without headers',
    restsOn: ruleOf(lane === 'sse' ? 'SSE3' : 'WS3'),
    ...measure(figures, lane, ({ bytesPerEvent }) =>
      bytesPerEvent === null
        ? undefined
        : {
            figure: formatBytes(Math.round(bytesPerEvent)),
            note: 'per event, both directions, everything included',
          },
    ),
  }
}

function ofPolls(changes: Answers['changes'], age: Answers['age'], figures: Parameters<Criterion>[2]) {
  const perPoll = (changesPerSecond[changes] * ageMs[age]) / 1_000
  if (perPoll >= 1) {
    return {
      points: 6,
      says: `Each response brings everything since the last poll: ${Math.round(perPoll)} events`,
      restsOn: ruleOf('SP1'),
    }
  }
  if (perPoll > 0.2) return undefined
  return {
    points: -4,
    says: `${formatShare(Math.floor((1 - perPoll) * 1_000) / 1_000)} of responses bring nothing new`,
    restsOn: specs.conditional,
    ...measure(figures, 'short', ({ emptyShare }) =>
      emptyShare === null
        ? undefined
        : { figure: `${formatShare(emptyShare)} empty`, note: 'of responses in the run' },
    ),
  }
}
