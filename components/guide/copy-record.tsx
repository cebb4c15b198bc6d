'use client'
import { useState } from 'react'
import { copyText } from '#components/live/browser-features.ts'

/** Copies the decision as Markdown, and says so, or that the browser refused. */
export function CopyRecord({ record }: { record: () => string }) {
  const [told, setTold] = useState<'copied' | 'not copied'>()
  const copy = async () => setTold((await copyText(record())) ? 'copied' : 'not copied')
  return (
    <span className="flex items-center gap-3">
      <span role="status" className="type-label">
        {told}
      </span>
      <button
        type="button"
        onClick={copy}
        onBlur={() => setTold(undefined)}
        className="link text-micro font-stretch-(--wdth-label) text-ink-2 max-md:py-2"
      >
        copy as a decision record
      </button>
    </span>
  )
}
