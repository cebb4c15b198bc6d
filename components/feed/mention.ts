import { mentionPattern, type Person } from '#server/protocol.ts'

/** A stretch of a text: plain, or an `@handle`. */
export type Stretch = { at: number; text: string; mention: boolean }

/** A text cut where mentions begin and end; joined again it is the text. */
export function stretchesOf(text: string): Stretch[] {
  const stretches: Stretch[] = []
  let at = 0
  for (const { index, 0: mention } of text.matchAll(mentionPattern)) {
    if (index > at) stretches.push({ at, text: text.slice(at, index), mention: false })
    stretches.push({ at: index, text: mention, mention: true })
    at = index + mention.length
  }
  if (at < text.length) stretches.push({ at, text: text.slice(at), mention: false })
  return stretches
}

/** The mention that is being written before the caret: where its `@` stands, and what follows it so far. */
export type Draft = { at: number; prefix: string }

/** The mention that ends at the caret; undefined when none is being written there. */
export function draftMention(text: string, caret: number): Draft | undefined {
  const found = /(?<![\p{L}\p{N}_@])@([a-z0-9-]{0,30})$/iu.exec(text.slice(0, caret))
  return found ? { at: found.index, prefix: found[1] ?? '' } : undefined
}

/** The text with the mention finished, and the caret behind it. */
export function withMention(
  text: string,
  { at, prefix }: Draft,
  handle: string,
): [text: string, caret: number] {
  const end = at + 1 + prefix.length
  const rest = text.slice(end)
  const inserted = `@${handle}${/^\s/.test(rest) ? '' : ' '}`
  return [text.slice(0, at) + inserted + rest, at + inserted.length + (/^\s/.test(rest) ? 1 : 0)]
}

const offered = 8

/** The first of `people` whose handle, or a word of whose name, begins so. */
export function peopleLike(people: readonly Person[], prefix: string): Person[] {
  const wanted = prefix.toLowerCase()
  return people
    .filter(({ name, handle }) =>
      [handle, ...name.toLowerCase().split(/\s+/)].some((word) => word.startsWith(wanted)),
    )
    .slice(0, offered)
}
