import type { DeliveryName } from '#server/protocol/lab.ts'

export type ScopeColors = {
  bg: string
  ink: string
  ink3: string
  line: string
  lineStrong: string
  danger: string
  lanes: Record<DeliveryName, { line: string; ink: string; wash: string }>
}

/** The tokens of the theme in force at `element`, as a canvas takes them. */
export function readScopeColors(element: Element): ScopeColors {
  const style = getComputedStyle(element)
  const token = (name: string) => style.getPropertyValue(`--${name}`)
  const lane = (name: string) => ({
    line: token(name),
    ink: token(`${name}-ink`),
    wash: token(`${name}-wash`),
  })
  return {
    ...{ bg: token('bg'), ink: token('ink'), ink3: token('ink-3') },
    ...{ line: token('line'), lineStrong: token('line-strong'), danger: token('danger') },
    lanes: { short: lane('short'), long: lane('long'), sse: lane('sse'), socket: lane('ws') },
  }
}
