'use client'
import { useState } from 'react'
import { personLabel } from '#components/ui/person-label.ts'
import type { WireMessage } from '#server/protocol/chat.ts'
import { excerptOf } from '#server/protocol/protocol.ts'

/** What a screen reader is told of as it comes: what others write, not what was there before. */
export function useSaid(readerId: string) {
  const [words, setWords] = useState('')
  return {
    words,
    hear({ authorId, author, body }: Pick<WireMessage, 'authorId' | 'author' | 'body'>) {
      if (authorId !== readerId) setWords(`${personLabel(author)}: ${excerptOf(body)}`)
    },
  }
}
