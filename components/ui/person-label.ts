import { handleFrom } from '#server/protocol/handles.ts'
import type { Person } from '#server/protocol/people.ts'

/** A person as text: `Nora Klein`, or `Nora Klein (@nora-klein-2)`. */
export function personLabel(person: Person): string {
  return hasOwnHandle(person) ? `${person.name} (@${person.handle})` : person.name
}

/** Whether the handle differs from the name, because somebody with a similar name came first. */
export function hasOwnHandle({ name, handle }: Person): boolean {
  return handle !== (handleFrom(name) || 'someone')
}

/** The ids of people whose names differ at most in case, width, spaces and invisible characters. */
export function namesakesAmong(people: readonly Person[]): string[] {
  const idsByName = new Map<string, Set<string>>()
  for (const { id, name } of people) {
    const key = name
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[\s\p{Default_Ignorable_Code_Point}]+/gu, ' ')
    idsByName.set(key, (idsByName.get(key) ?? new Set()).add(id))
  }
  return [...idsByName.values()].flatMap((ids) => (ids.size > 1 ? [...ids] : []))
}

/** `NK` of `Noor Khan`: the first letters of the first and last word, by code point. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const first = [...(words[0] ?? '')][0] ?? ''
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : ''
  return (first + last).toUpperCase()
}
