import { Refusal } from './problem.ts'

/** The place that a `before` names, by `parse`; undefined without one. Throws 400 for what no `nextBefore` was. */
export function placeBefore<Place>(
  before: string | undefined,
  parse: (text: string) => Place | undefined,
): Place | undefined {
  if (before === undefined) return undefined
  const place = parse(before)
  if (place === undefined) throw new Refusal('invalid-parameter', 'before: not a nextBefore of ours')
  return place
}
