import { memo } from 'react'
import { partsOf, type TextPart } from '#server/protocol/mentions.ts'
import { classes } from './classes.ts'

type RichTextProps = {
  text: string
  /** It stands in a line, between quotation marks. */
  quoted?: boolean
}

/** What somebody wrote: its lines kept, its direction its own, no word wider than the page, links and mentions found. */
export const RichText = memo(function RichText({ text, quoted }: RichTextProps) {
  return (
    <bdi
      dir="auto"
      className={classes(
        'whitespace-pre-wrap wrap-anywhere',
        quoted ? 'before:content-["“"] after:content-["”"]' : 'block',
      )}
    >
      {partsOf(text).map((part) => (
        <Part key={part.at} part={part} />
      ))}
    </bdi>
  )
})

function Part({ part }: { part: TextPart }) {
  switch (part.type) {
    case 'text':
      return <span>{part.text}</span>
    case 'mention':
      return <strong className="font-semibold">{part.text}</strong>
    case 'link':
      return (
        <a
          href={part.href}
          title={part.host}
          target="_blank"
          rel="noopener noreferrer nofollow"
          className="link"
        >
          <bdi>{part.text}</bdi>
          {isDisguised(part) && <span className="type-data text-ink-3"> ({part.host})</span>}
        </a>
      )
  }
}

/** The host is written in other letters than those that are asked for: it may look like one that it is not. */
function isDisguised({ text, host }: { text: string; host: string }): boolean {
  return host.includes('xn--') && !text.toLowerCase().includes(host)
}
