'use client'
import { useState } from 'react'
import { copyText } from '#components/live/browser-features.ts'
import { Icon } from './icon.tsx'
import { IconButton } from './icon-button.tsx'

/** Copies `text`, and reports success or the browser's refusal for as long as the pointer or the focus stays. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [told, setTold] = useState<'copied' | 'copy failed'>()
  const copy = async () => setTold((await copyText(text)) ? 'copied' : 'copy failed')
  const forget = () => setTold(undefined)
  return (
    <>
      <span role="status" className="type-label">
        {told}
      </span>
      <IconButton label={label} onClick={copy} onBlur={forget} onPointerLeave={forget} className="size-7">
        <Icon name="copy" />
      </IconButton>
    </>
  )
}
