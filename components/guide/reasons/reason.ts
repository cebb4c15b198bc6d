import type { DeliveryName } from '#server/protocol/lab.ts'
import type { Answers } from '../answers.ts'
import type { Figures, LaneFigures } from '../figures.ts'

/**
 * What a reason is based on: a rule of a specification or of PROTOCOL.md, arithmetic, a platform's limit, or a
 * measurement.
 */
export type Basis = { name: string; href?: string }

/** What a run has measured about it, and what that means. */
type Measured = { figure: string; note: string }

/** Why a delivery fits or does not. `points` are added to its score; `cannot` rules it out. */
export type Reason = {
  points: number
  says: string
  restsOn: Basis
  measured?: Measured
  cannot?: true
}

/** One criterion, and its verdict on a delivery: undefined where it makes no difference. */
export type Criterion = (lane: DeliveryName, answers: Answers, figures?: Figures) => Reason | undefined

/** A lane's figures in words; undefined if nothing was measured, or not this. */
export function measure(
  figures: Figures | undefined,
  lane: DeliveryName,
  words: (figures: LaneFigures, all: Figures) => Measured | undefined,
): { measured?: Measured } {
  const measured = figures && words(figures.lanes[lane], figures)
  return measured ? { measured } : {}
}

const rfc = (number: number, section: string): Basis => ({
  name: `RFC ${number} §${section}`,
  href: `https://www.rfc-editor.org/rfc/rfc${number}#section-${section}`,
})

/** A numbered rule of PROTOCOL.md, which the tests of this repository prove. */
export const ruleOf = (id: string): Basis => ({ name: `rule ${id}` })
export const arithmetic: Basis = { name: 'arithmetic' }

export const specs = {
  eventStream: {
    name: 'WHATWG HTML, server-sent events',
    href: 'https://html.spec.whatwg.org/multipage/server-sent-events.html',
  },
  lastEventId: {
    name: 'WHATWG HTML, Last-Event-ID',
    href: 'https://html.spec.whatwg.org/multipage/server-sent-events.html#last-event-id',
  },
  perHost: {
    name: 'WHATWG HTML, authoring notes',
    href: 'https://html.spec.whatwg.org/multipage/server-sent-events.html#authoring-notes',
  },
  webSocket: rfc(6455, '1.1'),
  noResume: rfc(6455, '7.2.3'),
  upgrade: rfc(9110, '7.8'),
  conditional: rfc(9110, '13.1.2'),
  caching: rfc(9111, '4.3'),
  heldRequest: rfc(6202, '2.2'),
  intermediaries: rfc(6202, '3.2'),
  multiplexing: rfc(9113, '5'),
  socketOverHttp2: rfc(8441, '4'),
} as const satisfies Record<string, Basis>

/** `50 ms`, `2.5 s`, `30 s`: a duration that was chosen, not measured, without a trailing zero. */
export function plainDuration(durationMs: number): string {
  return durationMs < 1_000 ? `${durationMs} ms` : `${durationMs / 1_000} s`
}
