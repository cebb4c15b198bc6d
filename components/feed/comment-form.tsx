'use client'
import { useState } from 'react'
import { newKey, sendJson } from '#components/live/send-json.ts'
import { SendTrouble, type Unsent } from '#components/shell/send-trouble.tsx'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import { postLimits, type WireComment, type WirePost } from '#server/protocol/feed.ts'
import { Composer } from './composer.tsx'

type CommentFormProps = { post: WirePost; autoFocus?: boolean; onWritten: (comment: WireComment) => void }

/** Writes a comment. A comment that could not be sent stays in the field; resent unchanged, it is created only once. */
export function CommentForm({ post, autoFocus, onWritten }: CommentFormProps) {
  const [text, setText] = useState('')
  const [key, setKey] = useState(newKey)
  const [sending, setSending] = useState(false)
  const [trouble, setTrouble] = useState<Unsent>()

  const change = (next: string) => {
    setText(next)
    if (!trouble) return
    // Edited text is a new comment.
    setTrouble(undefined)
    setKey(newKey())
  }
  const send = async () => {
    setSending(true)
    const url = `/api/posts/${post.id}/comments`
    const sent = await sendJson<WireComment>(pageRecorder.fetch, url, { body: text.trim() }, key)
    setSending(false)
    if (sent.state !== 'done') return setTrouble(sent)
    setTrouble(undefined)
    setText('')
    setKey(newKey())
    onWritten(sent.value)
  }
  return (
    <Composer
      label={`Comment on post ${post.id}`}
      placeholder="Write a comment"
      verb={trouble ? 'Send again' : 'Comment'}
      text={text}
      onText={change}
      max={postLimits.maxComment}
      sending={sending}
      autoFocus={autoFocus}
      onSend={send}
      className="mt-2"
    >
      {trouble && (
        <div className="mt-2">
          <SendTrouble trouble={trouble} />
        </div>
      )}
    </Composer>
  )
}
