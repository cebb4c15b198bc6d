'use client'

import { type ReactNode, type RefObject, useEffect, useId, useRef } from 'react'
import { Icon } from './icon.tsx'
import { IconButton } from './icon-button.tsx'

type DialogProps = {
  open: boolean
  onClose: () => void
  title: string
  children: ReactNode
  /** The buttons, the primary one last. */
  actions: ReactNode
}

/** A native modal dialog: the browser traps the focus, closes it on Escape and returns the focus. */
export function Dialog({ open, onClose, title, children, actions }: DialogProps) {
  const dialog = useModal(open)
  const titleId = useId()
  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onClose={onClose}
      className="m-auto w-[min(360px,calc(100vw-32px))] border border-ink bg-raised text-ink backdrop:bg-ink/25 [--surface:var(--raised)]"
    >
      <header className="flex h-12 items-center justify-between border-b border-line pr-2 pl-4">
        <h2 id={titleId} className="type-section">
          {title}
        </h2>
        <IconButton label="Close" onClick={onClose}>
          <Icon name="close" />
        </IconButton>
      </header>
      <div className="px-4 py-5 text-ui text-ink-2">{children}</div>
      <footer className="flex justify-end gap-2 border-t border-line px-4 py-3">{actions}</footer>
    </dialog>
  )
}

/** The ref of a native modal dialog that is shown while `open`. */
export function useModal(open: boolean): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (open && !dialog.current?.open) dialog.current?.showModal()
    if (!open) dialog.current?.close()
  }, [open])
  return dialog
}
