import { handleFrom, normalizeHandle } from '#server/protocol/handles.ts'
import type { MentionDraft } from '#server/protocol/mentions.ts'
import type { Person } from '#server/protocol/people.ts'

/** The text with the mention completed, and the caret after it. */
export function withMention(
  text: string,
  { at, prefix }: MentionDraft,
  handle: string,
): [text: string, caret: number] {
  const end = at + 1 + prefix.length
  const rest = text.slice(end)
  const inserted = `@${handle}${/^\s/.test(rest) ? '' : ' '}`
  return [text.slice(0, at) + inserted + rest, at + inserted.length + (/^\s/.test(rest) ? 1 : 0)]
}

const offered = 8

/** The first of `people` whose handle, or a word of whose handle or name, begins with `prefix`, ignoring accents. */
export function peopleLike(people: readonly Person[], prefix: string): Person[] {
  const wanted = normalizeHandle(prefix)
  const plain = handleFrom(prefix)
  return people
    .filter(
      ({ name, handle }) =>
        [handle, ...normalizeHandle(name).split(/\s+/)].some((word) => word.startsWith(wanted)) ||
        (plain !== '' && `-${handle}`.includes(`-${plain}`)),
    )
    .slice(0, offered)
}
