export type Pace = { stop(): void }

const sliceMs = 10
const mostBehindMs = 500

/**
 * Calls `act` so many times a second, in slices of 10 ms. What a late timer missed is made up for, so the rate does not
 * drift; but a process that stood still for longer goes on from now.
 */
export function pace(perSecond: number, act: () => void, now: () => number = () => performance.now()): Pace {
  let paidUpTo = now()
  let owed = 0

  const timer = setInterval(() => {
    const passedMs = Math.min(now() - paidUpTo, mostBehindMs)
    paidUpTo = now()
    owed += (passedMs * perSecond) / 1_000
    for (; owed >= 1; owed -= 1) act()
  }, sliceMs)

  return { stop: () => clearInterval(timer) }
}
