import { LinkifyIt } from 'linkify-it'
import { stretchesOf } from '#components/feed/mention.ts'

/** A stretch of what somebody wrote; joined again they are the text. `host` is what the browser will really ask. */
export type Part =
  | { type: 'text' | 'mention'; at: number; text: string }
  | { type: 'link'; at: number; text: string; href: string; host: string }

const protocols: readonly string[] = ['http:', 'https:', 'mailto:']

const linkify = new LinkifyIt({ maxLength: 2_000 }).add('ftp:', null).add('//', null)

/** Characters that turn the text behind them around, or are not seen: an address with one is not what it seems. */
const deceiving = /[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/

/** A text cut where links and mentions begin and end. */
export function partsOf(body: string): Part[] {
  const parts: Part[] = []
  let at = 0
  for (const { index, lastIndex, url } of linkify.match(body) ?? []) {
    const text = body.slice(index, lastIndex)
    const target = targetOf(text, url)
    if (!target) continue
    parts.push(...plain(body, at, index), { type: 'link', at: index, text, ...target })
    at = lastIndex
  }
  return [...parts, ...plain(body, at, body.length)]
}

/** The address as a browser reads it, host in ASCII; undefined when it is no link that may be followed. */
function targetOf(text: string, url: string): { href: string; host: string } | undefined {
  if (deceiving.test(text) || !URL.canParse(url)) return undefined
  const { protocol, href, host, pathname } = new URL(url)
  if (!protocols.includes(protocol)) return undefined
  return { href, host: host || pathname }
}

function plain(body: string, from: number, to: number): Part[] {
  return stretchesOf(body.slice(from, to)).map(({ at, text, mention }) => ({
    type: mention ? 'mention' : 'text',
    at: from + at,
    text,
  }))
}
