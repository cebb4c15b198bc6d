import { Refusal } from './problem.ts'

/**
 * The position in a `before` parameter; undefined without one. Throws 400 for a value that cannot be a `nextBefore`.
 */
export function parsePosition<Position>(
  before: string | undefined,
  parse: (text: string) => Position | undefined,
): Position | undefined {
  if (before === undefined) return undefined
  const position = parse(before)
  if (position === undefined) throw new Refusal('invalid-parameter', 'before: not a nextBefore of this list')
  return position
}
