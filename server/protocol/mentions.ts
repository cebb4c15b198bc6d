/** Finds mentions and links in a text: one parser for the server, which notifies, and the page, which marks them. */
import { LinkifyIt } from 'linkify-it'
import { handleEnd, maxHandle, normalizeHandle, unspaced } from './handles.ts'

/** A part of a text. `href` and `host` of a link are what the browser will really request. */
export type TextPart =
  | { type: 'text'; at: number; text: string }
  | { type: 'mention'; at: number; text: string; handle: string }
  | { type: 'link'; at: number; text: string; href: string; host: string }

/** What precedes an `@` that is not a mention: a word (an e-mail address), a path, an option's value. */
const noMentionAfter = new RegExp(String.raw`(?![${unspaced}])[\p{L}\p{N}\p{M}_@/\\=&%+$#~]$`, 'u')
/**
 * What follows a handle that is part of something longer: a name with an underscore, a package (`@types/node`), an
 * address (`@nora@social.example`, `@nora.social.example`, `@nora:social.example`).
 */
const goesOn = new RegExp(
  String.raw`^(?:(?![${unspaced}])[\p{L}\p{N}\p{M}_]|[@/\\][\p{L}\p{N}_]|@$|\.[\p{Ll}\p{N}]|:[\p{L}\p{N}-]{1,63}\.[\p{L}\p{N}])`,
  'u',
)

const linkify = new LinkifyIt({ maxLength: 2_000 }).add('ftp:', null).add('//', null)
const protocols: readonly string[] = ['http:', 'https:', 'mailto:']

/** Invisible characters, and those that reverse the text after them: an address with one is not what it seems. */
const deceiving = /[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/

/** Splits a text at links and mentions; the parts joined are the text. */
export function partsOf(text: string): TextPart[] {
  const parts: TextPart[] = []
  let at = 0
  for (const { index, lastIndex, url } of linkify.match(text) ?? []) {
    const link = text.slice(index, lastIndex)
    const target = targetOf(link, url)
    parts.push(...plainParts(text, at, index))
    // What only looks like a link is plain text, and is not searched for mentions.
    parts.push({ at: index, text: link, ...(target ? { type: 'link', ...target } : { type: 'text' }) })
    at = lastIndex
  }
  return [...parts, ...plainParts(text, at, text.length)]
}

const mostHandles = 10

/** The handles that a text mentions, normalised, each once: the first ten count. */
export function handlesIn(text: string): string[] {
  const handles = partsOf(text).flatMap((part) => (part.type === 'mention' ? [part.handle] : []))
  return [...new Set(handles)].slice(0, mostHandles)
}

/** A mention being typed: the index of its `@`, and the text after it so far. */
export type MentionDraft = { at: number; prefix: string }

/** The mention that ends at the caret; undefined when there is none. */
export function draftMention(text: string, caret: number): MentionDraft | undefined {
  const before = text.slice(Math.max(0, caret - 2 * maxHandle - 1), caret)
  const sign = before.lastIndexOf('@')
  if (sign < 0) return undefined
  const at = caret - before.length + sign
  const prefix = text.slice(at + 1, caret)
  // A trailing hyphen is not part of a handle yet, but the next letter makes it one.
  if (!/^-*$/.test(text.slice(handleEnd(text, at + 1), caret))) return undefined
  return noMentionAfter.test(text.slice(Math.max(0, at - 2), at)) ? undefined : { at, prefix }
}

/** The address as a browser parses it, with the host in ASCII; undefined when the link must not be followed. */
function targetOf(text: string, url: string): { href: string; host: string } | undefined {
  if (deceiving.test(text) || !URL.canParse(url)) return undefined
  const { protocol, href, host, pathname } = new URL(url)
  if (!protocols.includes(protocol)) return undefined
  return { href, host: host || pathname }
}

function plainParts(text: string, from: number, to: number): TextPart[] {
  const parts: TextPart[] = []
  let at = from
  for (let sign = text.indexOf('@', from); sign >= 0 && sign < to; sign = text.indexOf('@', sign + 1)) {
    const end = mentionEnd(text, sign)
    if (end === undefined || end > to) continue
    if (sign > at) parts.push({ type: 'text', at, text: text.slice(at, sign) })
    parts.push({
      ...{ type: 'mention', at: sign, text: text.slice(sign, end) },
      handle: normalizeHandle(text.slice(sign + 1, end)),
    })
    at = end
  }
  if (at < to) parts.push({ type: 'text', at, text: text.slice(at, to) })
  return parts
}

/** Where the mention starting with the `@` at `sign` ends; undefined when it is not a mention. */
function mentionEnd(text: string, sign: number): number | undefined {
  if (noMentionAfter.test(text.slice(Math.max(0, sign - 2), sign))) return undefined
  const end = handleEnd(text, sign + 1)
  return end === sign + 1 || goesOn.test(text.slice(end, end + 80)) ? undefined : end
}
