import { type Command, commandGroups } from './page-commands.ts'

type Findable = Pick<Command, 'group' | 'title' | 'words'>

/**
 * The commands that have every word of `query` in their title, group or other words, best first: where a title begins
 * with the query, then where words begin with its words. All of them, by group, when it is empty.
 */
export function findCommands<One extends Findable>(commands: readonly One[], query: string): One[] {
  const wanted = plain(query)
  const words = wanted.split(' ').filter(Boolean)
  return commands
    .map((command) => ({ command, rank: rankOf(command, wanted, words) }))
    .filter(({ rank }) => rank !== undefined)
    .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0) || groupOf(a.command) - groupOf(b.command))
    .map(({ command }) => command)
}

/** 0 is best; undefined when a word is missing. */
function rankOf({ title, group, words: other = '' }: Findable, wanted: string, words: readonly string[]) {
  const name = plain(title)
  const all = ` ${name} ${plain(group)} ${plain(other)}`
  if (!words.every((word) => all.includes(word))) return undefined
  if (name.startsWith(wanted)) return 0
  if (words.every((word) => ` ${name}`.includes(` ${word}`))) return 1
  return words.every((word) => all.includes(` ${word}`)) ? 2 : 3
}

function groupOf({ group }: Findable): number {
  return commandGroups.indexOf(group)
}

/** In lower case without accents, everything but letters and digits a single space. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
