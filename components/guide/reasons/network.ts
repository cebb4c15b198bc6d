import { platforms } from '#components/guide/platforms.ts'
import { formatAge, formatBytes, formatCount } from '#components/ui/format.ts'
import { type Answers, ageMs, changesPerSecond } from '../answers.ts'
import { arithmetic, type Basis, type Criterion, measure, type Reason, ruleOf, specs } from './reason.ts'

const connectionsPerHost = 6

/** Several tabs per person, and HTTP/2. */
export const tabs: Criterion = (lane, { tabs, http2 }) => {
  if (http2 === 'yes') {
    if (lane === 'sse')
      return { points: 3, says: 'All streams share one HTTP/2 connection', restsOn: specs.multiplexing }
    if (lane === 'socket')
      return {
        points: -3,
        says: 'Every hop must support WebSocket over HTTP/2; otherwise it opens another connection',
        restsOn: specs.socketOverHttp2,
      }
    return undefined
  }
  if (tabs < 2 || lane === 'short' || lane === 'socket') return undefined
  return {
    points: tabs < connectionsPerHost ? -4 : -6,
    says: `A browser opens at most ${connectionsPerHost} connections per host, so tabs must share one`,
    restsOn: specs.perHost,
  }
}

/** Proxies that others operate. */
export const proxies: Criterion = (lane, answers) => {
  if (answers.proxies === 'no') return undefined
  switch (lane) {
    case 'short':
      return {
        points: 4,
        says: 'Each response ends immediately, so no proxy can buffer it',
        restsOn: ruleOf('SP1'),
      }
    case 'long':
      return {
        points: 4,
        says: 'Each response ends within 25 s, so no proxy can buffer it for longer',
        restsOn: ruleOf('LP3'),
      }
    case 'sse':
      return {
        points: -8,
        says: 'A proxy may buffer the stream, which is detected after 22.5 s without data (SSE5)',
        restsOn: specs.intermediaries,
      }
    case 'socket':
      return { points: -10, says: 'A proxy may not pass on the upgrade', restsOn: specs.upgrade }
  }
}

/** The size of an entry compared with what is sent around it. */
export const payload: Criterion = (lane, answers, figures) => {
  const { bytes } = answers
  const asked = lane === 'short' || lane === 'long'
  if (bytes >= 8_000) {
    if (!asked) return undefined
    return {
      points: 3,
      says: `Headers are small compared with ${formatBytes(bytes)}`,
      restsOn: arithmetic,
      ...around(lane, figures),
    }
  }
  if (bytes > 100 || !asked || !isLively(answers)) return undefined
  return {
    points: -4,
    says: `Headers outweigh ${formatBytes(bytes)} of payload`,
    restsOn: arithmetic,
    ...around(lane, figures),
  }
}

function around(lane: 'short' | 'long', figures: Parameters<Criterion>[2]): Pick<Reason, 'measured'> {
  return measure(figures, lane, ({ upPerRequest }) =>
    upPerRequest === null
      ? undefined
      : { figure: `↑ ${formatBytes(Math.round(upPerRequest))}`, note: 'of headers in each request' },
  )
}

function isLively({ changes, age }: Answers): boolean {
  return changesPerSecond[changes] >= 1 && ageMs[age] <= 1_000
}

/** Functions that end, as against connections that do not. */
export const hosting: Criterion = (lane, answers) => {
  if (answers.hosting === 'servers') return undefined
  const { name, answerEndsAfterSeconds, heldAtOnce, socket } = platforms[answers.hosting]
  const restsOn = platformBasis(answers.hosting)
  if (lane === 'short')
    return { points: 10, says: `A poll is a short call, which is what ${name} is built for`, restsOn }
  if (lane === 'socket') {
    if (!socket)
      return {
        points: 0,
        cannot: true,
        says: `${name} ends every response after ${answerEndsAfterSeconds} s, so it can’t hold a socket`,
        restsOn,
      }
    return { points: answerEndsAfterSeconds ? -12 : -4, says: `On ${name}, ${socket}`, restsOn }
  }
  if (heldAtOnce && answers.people > heldAtOnce) {
    return {
      points: 0,
      cannot: true,
      says: `${name} holds ${formatCount(heldAtOnce)} concurrent responses by default, not ${formatCount(answers.people)}`,
      restsOn,
    }
  }
  if (lane === 'long') {
    return { points: -10, says: 'The function waits, and you pay for the waiting time', restsOn: arithmetic }
  }
  return answerEndsAfterSeconds
    ? {
        points: -12,
        says: `${name} ends a stream after ${formatAge(answerEndsAfterSeconds * 1_000)}; it resumes`,
        restsOn,
      }
    : { points: -4, says: `${name} keeps a stream open, and you pay while the function waits`, restsOn }
}

function platformBasis(hosting: Exclude<Answers['hosting'], 'servers'>): Basis {
  const [limit] = platforms[hosting].limits
  return { name: `${platforms[hosting].name}, ${limit?.asOf}`, href: limit?.source }
}
