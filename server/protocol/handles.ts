/** Handles: what stands behind an `@`. Letters and digits of any script, in lower case, with hyphens between. */

/** Scripts that are written without spaces, or that put endings on a name: beside them a mention needs no space. */
export const unspaced = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}ー`
/** The longest handle, in code points. */
export const maxHandle = 30

const handleCharacter = /[\p{L}\p{N}\p{M}-]/u
const isUnspaced = new RegExp(`[${unspaced}]`, 'u')
const isLetter = /\p{L}/u
const startsHandle = /[\p{L}\p{N}]/u

/** What a name gives for a handle: its letters and digits in lower case, whatever the script, and hyphens. */
export function handleFrom(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]+/gu, '')
    // Accents of Latin and Greek letters go; marks of other scripts are part of their letters.
    .replace(/(?<=[\p{Script=Latin}\p{Script=Greek}])\p{M}+/gu, '')
    .normalize('NFC')
    .toLowerCase()
  const words = plain.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu) ?? []
  const slug = words.flatMap(splitByScript).join('-')
  return Array.from(slug).slice(0, 24).join('').replace(/-+$/, '')
}

/** A handle as it is stored and looked up, however it was written. */
export function normalizeHandle(handle: string): string {
  return handle.normalize('NFKC').toLowerCase().normalize('NFC')
}

/**
 * Where the handle ends that begins at `start`; `start` itself when none does. A word of a spaced script ends where an
 * unspaced one begins (`@nora-klein你好`), and the other way round, and a hyphen at the end belongs to the sentence.
 */
export function handleEnd(text: string, start: number): number {
  let end = start
  let at = start
  let length = 0
  let before: boolean | undefined
  while (at < text.length && length < maxHandle) {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0)
    if (!handleCharacter.test(character) || (length === 0 && !startsHandle.test(character))) break
    const kind = isLetter.test(character) ? isUnspaced.test(character) : before
    if (before !== undefined && kind !== undefined && kind !== before) break
    before = character === '-' ? undefined : kind
    at += character.length
    length += 1
    if (character !== '-') end = at
  }
  return end
}

/** `李雷smith` as `李雷`, `smith`: where the kind of script changes, a mention would end. */
function splitByScript(word: string): string[] {
  const parts: string[] = []
  for (let rest = word; rest !== ''; ) {
    const end = handleEnd(rest, 0) || rest.length
    parts.push(rest.slice(0, end))
    rest = rest.slice(end)
  }
  return parts
}
