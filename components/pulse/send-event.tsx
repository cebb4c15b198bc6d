'use client'

import { useState } from 'react'
import { pageFetch } from '#components/live/page-viewer.ts'
import { sendJson, unansweredWords } from '#components/live/send-json.ts'
import { Button } from '#components/ui/button.tsx'
import { showToast } from '#components/ui/toast-store.ts'

/** Appends an event to the log, to be seen on every wire. */
export function SendEvent({ className }: { className?: string }) {
  const [sending, setSending] = useState(false)
  const send = async () => {
    setSending(true)
    await sendEvent()
    setSending(false)
  }
  return (
    <Button pending={sending} onClick={send} className={className}>
      Send an event
    </Button>
  )
}

/** The same without a button; a toast says so when it is not known to have worked. */
export async function sendEvent(): Promise<void> {
  const sent = await sendJson(pageFetch, '/api/streams/pulse/events')
  if (sent.state === 'done') return
  const refused = sent.state === 'refused'
  showToast({
    title: refused ? 'Not sent.' : 'Not confirmed.',
    text: refused ? `${sent.problem.detail ?? sent.problem.title}.` : unansweredWords(sent),
    danger: true,
  })
}
