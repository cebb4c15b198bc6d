'use client'
import { useState } from 'react'
import { IconButton } from '#components/ui/icon-button.tsx'

/** Copies `text`, and says for as long as the pointer or the focus stays that it did, or that the browser refused. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [told, setTold] = useState<'copied' | 'not copied'>()
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setTold('copied'),
      () => setTold('not copied'),
    )
  const forget = () => setTold(undefined)
  return (
    <>
      <span role="status" className="type-label">
        {told}
      </span>
      <IconButton label={label} onClick={copy} onBlur={forget} onPointerLeave={forget} className="size-7">
        <svg
          width={16}
          height={16}
          viewBox="0 0 16 16"
          fill="none"
          stroke="currentColor"
          strokeWidth={1.35}
          aria-hidden
        >
          <path d="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3" />
        </svg>
      </IconButton>
    </>
  )
}
