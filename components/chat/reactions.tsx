'use client'
import type { WireReaction } from '#server/protocol/chat.ts'
import { EmojiMark } from './emoji-mark.tsx'
import { emojiName } from './emojis.ts'
import { listed } from './listed.ts'

type ReactionsProps = {
  reactions: readonly WireReaction[]
  readerId: string
  nameOf: (userId: string) => string
  onReact: (emoji: string) => void
}

/** Who reacted with what: a chip for each emoji, pressed when the reader is among them. */
export function Reactions({ reactions, readerId, nameOf, onReact }: ReactionsProps) {
  return (
    <div className="mt-1 mb-1.5 flex flex-wrap gap-1.5">
      {reactions.map(({ emoji, by, count = by.length }) => (
        <button
          key={emoji}
          type="button"
          aria-pressed={by.includes(readerId)}
          aria-label={`${emojiName(emoji)}, ${count}`}
          title={listed([
            ...by.map((id) => (id === readerId ? 'you' : nameOf(id))),
            ...(count > by.length ? [`${count - by.length} more`] : []),
          ])}
          onClick={() => onReact(emoji)}
          className="inline-flex h-6 items-center gap-1.5 rounded border border-line-strong px-1.5 hover:bg-hover aria-pressed:border-ink aria-pressed:bg-hover max-md:h-9 max-md:px-2.5"
        >
          <EmojiMark emoji={emoji} className="text-[13px]" />
          <span className="type-axis text-ink-2">{count}</span>
        </button>
      ))}
    </div>
  )
}
