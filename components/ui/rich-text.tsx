import { memo } from 'react'
import { partsOf, type TextPart } from '#server/protocol/mentions.ts'
import { classes } from './classes.ts'

type RichTextProps = {
  text: string
  /** Shown within a line, in quotation marks. */
  quoted?: boolean
}

/**
 * User-written text: line breaks kept, its own text direction, no word wider than the page, links and mentions
 * recognized.
 */
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

/** Whether the text shows a host in other letters than the link's: it may imitate another site. */
function isDisguised({ text, host }: { text: string; host: string }): boolean {
  return host.includes('xn--') && !text.toLowerCase().includes(host)
}
