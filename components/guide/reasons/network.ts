import { platforms } from '#components/guide/platforms.ts'
import { formatAge, formatBytes, formatCount } from '#components/ui/format.ts'
import { type Answers, ageMs, changesPerSecond } from '../answers.ts'
import { arithmetic, type Basis, type Criterion, measure, type Reason, ruleOf, specs } from './reason.ts'

const connectionsPerHost = 6

/** Several tabs of one person, and HTTP/2. */
export const tabs: Criterion = (lane, { tabs, http2 }) => {
  if (http2 === 'yes') {
    if (lane === 'sse')
      return { points: 3, says: 'Streams share one HTTP/2 connection', restsOn: specs.multiplexing }
    if (lane === 'socket')
      return {
        points: -3,
        says: 'Each hop must know how to open a socket over HTTP/2, or it opens another connection',
        restsOn: specs.socketOverHttp2,
      }
    return undefined
  }
  if (tabs < 2 || lane === 'short' || lane === 'socket') return undefined
  return {
    points: tabs < connectionsPerHost ? -4 : -6,
    says: `A browser opens ${connectionsPerHost} connections to a host: tabs must share one`,
    restsOn: specs.perHost,
  }
}

/** Proxies that somebody else runs. */
export const proxies: Criterion = (lane, answers) => {
  if (answers.proxies === 'no') return undefined
  switch (lane) {
    case 'short':
      return {
        points: 4,
        says: 'Each answer ends at once: no proxy can hold it back',
        restsOn: ruleOf('SP1'),
      }
    case 'long':
      return {
        points: 4,
        says: 'Each answer ends within 25 s: a proxy cannot hold it back',
        restsOn: ruleOf('LP3'),
      }
    case 'sse':
      return {
        points: -8,
        says: 'A proxy may hold the stream back, which is noticed after 22.5 s of silence (SSE5)',
        restsOn: specs.intermediaries,
      }
    case 'socket':
      return { points: -10, says: 'A proxy may ignore the upgrade', restsOn: specs.upgrade }
  }
}

/** How much an entry weighs against what is sent around it. */
export const payload: Criterion = (lane, answers, figures) => {
  const { bytes } = answers
  const asked = lane === 'short' || lane === 'long'
  if (bytes >= 8_000) {
    if (!asked) return undefined
    return {
      points: 3,
      says: `Headers hardly count beside ${formatBytes(bytes)}`,
      restsOn: arithmetic,
      ...around(lane, figures),
    }
  }
  if (bytes > 100 || !asked || !isLively(answers)) return undefined
  return {
    points: -4,
    says: `Headers outweigh ${formatBytes(bytes)} of news`,
    restsOn: arithmetic,
    ...around(lane, figures),
  }
}

function around(lane: 'short' | 'long', figures: Parameters<Criterion>[2]): Pick<Reason, 'measured'> {
  return measure(figures, lane, ({ upPerRequest }) =>
    upPerRequest === null
      ? undefined
      : { figure: `↑ ${formatBytes(Math.round(upPerRequest))}`, note: 'of headers in each question' },
  )
}

function isLively({ changes, age }: Answers): boolean {
  return changesPerSecond[changes] >= 1 && ageMs[age] <= 1_000
}

/** Functions that end, against connections that do not. */
export const hosting: Criterion = (lane, answers) => {
  if (answers.hosting === 'servers') return undefined
  const { name, answerEndsAfterSeconds, heldAtOnce, socket } = platforms[answers.hosting]
  const restsOn = platformBasis(answers.hosting)
  if (lane === 'short')
    return { points: 10, says: `A poll is a short call, what ${name} is made for`, restsOn }
  if (lane === 'socket') {
    if (!socket)
      return {
        points: 0,
        cannot: true,
        says: `${name} ends after ${answerEndsAfterSeconds} s what has not been answered, and a socket never is`,
        restsOn,
      }
    return { points: answerEndsAfterSeconds ? -12 : -4, says: `On ${name} ${socket}`, restsOn }
  }
  if (heldAtOnce && answers.people > heldAtOnce) {
    return {
      points: 0,
      cannot: true,
      says: `${name} holds ${formatCount(heldAtOnce)} answers at once before its quota is raised, not ${formatCount(answers.people)}`,
      restsOn,
    }
  }
  if (lane === 'long') {
    return { points: -10, says: 'A function waits, and its waiting is paid for', restsOn: arithmetic }
  }
  return answerEndsAfterSeconds
    ? {
        points: -12,
        says: `${name} ends a stream after ${formatAge(answerEndsAfterSeconds * 1_000)}; it resumes`,
        restsOn,
      }
    : { points: -4, says: `${name} keeps a stream open, in a function that waits`, restsOn }
}

function platformBasis(hosting: Exclude<Answers['hosting'], 'servers'>): Basis {
  const [limit] = platforms[hosting].limits
  return { name: `${platforms[hosting].name}, ${limit?.asOf}`, href: limit?.source }
}
