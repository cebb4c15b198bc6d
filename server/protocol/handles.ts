/** Handles, as written after an `@`: letters and digits of any script, in lower case, with hyphens between. */

/** Scripts that are written without spaces, or that attach endings to a name: next to them a mention needs no space. */
export const unspaced = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}ー`
/** The longest handle, in code points. */
export const maxHandle = 30

const handleCharacter = /[\p{L}\p{N}\p{M}-]/u
const isUnspaced = new RegExp(`[${unspaced}]`, 'u')
const isLetter = /\p{L}/u
const startsHandle = /[\p{L}\p{N}]/u

/** The handle that a name yields: its letters and digits in lower case, in any script, joined by hyphens. */
export function handleFrom(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]+/gu, '')
    // Strip accents from Latin and Greek letters; in other scripts, marks are part of the letter.
    .replace(/(?<=[\p{Script=Latin}\p{Script=Greek}])\p{M}+/gu, '')
    .normalize('NFC')
    .toLowerCase()
  const words = plain.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu) ?? []
  const slug = words.flatMap(splitByScript).join('-')
  return Array.from(slug).slice(0, 24).join('').replace(/-+$/, '')
}

/** The canonical form of a handle, in which it is stored and looked up. */
export function normalizeHandle(handle: string): string {
  return handle.normalize('NFKC').toLowerCase().normalize('NFC')
}

/**
 * Where the handle starting at `start` ends; `start` itself when there is none. A word of a spaced script ends where an
 * unspaced one begins (`@nora-klein你好`) and vice versa, and a trailing hyphen belongs to the sentence.
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

/** Splits `李雷smith` into `李雷` and `smith`: a mention would end where the kind of script changes. */
function splitByScript(word: string): string[] {
  const parts: string[] = []
  for (let rest = word; rest !== ''; ) {
    const end = handleEnd(rest, 0) || rest.length
    parts.push(rest.slice(0, end))
    rest = rest.slice(end)
  }
  return parts
}
