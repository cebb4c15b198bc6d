import { memo } from 'react'
import { type Part, partsOf } from './message-parts.ts'

/** What somebody wrote: its lines kept, its direction its own, no word wider than the page, links and mentions found. */
export const MessageText = memo(function MessageText({ body }: { body: string }) {
  return (
    <bdi dir="auto" className="block whitespace-pre-wrap wrap-anywhere">
      {partsOf(body).map((part) => (
        <Stretch key={part.at} part={part} />
      ))}
    </bdi>
  )
})

function Stretch({ part }: { part: Part }) {
  switch (part.type) {
    case 'text':
      return part.text
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
