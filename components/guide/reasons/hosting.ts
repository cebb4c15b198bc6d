import { formatAge, formatCount } from '#components/ui/format.ts'
import type { Answers } from '../answers.ts'
import { platforms } from '../platforms.ts'
import { arithmetic, type Basis, type Criterion } from './reason.ts'

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
