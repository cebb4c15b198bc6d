import { PersonName } from '#components/ui/person-name.tsx'
import type { WireQuote } from '#server/protocol/chat.ts'

/** What a message answers, in one line; pressing it leads there. */
export function MessageQuote({ quote, onJump }: { quote: WireQuote; onJump: (seq: number) => void }) {
  const { seq, author, excerpt } = quote
  return (
    <button
      type="button"
      onClick={() => onJump(seq)}
      title={`Message ${seq}`}
      className="flex max-w-full items-baseline gap-2 border-l-2 border-line-strong pl-2 text-left text-ui text-ink-2 hover:border-ink hover:text-ink"
    >
      <span className="sr-only">In answer to </span>
      <PersonName person={author} className="max-w-[40%] shrink-0 truncate font-semibold" />
      <bdi dir="auto" className="min-w-0 truncate">
        {excerpt ?? <i>Message deleted</i>}
      </bdi>
    </button>
  )
}
