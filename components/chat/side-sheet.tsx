'use client'
import type { ReactNode } from 'react'
import { Icon } from '#components/ui/icon.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { useModal } from '#components/ui/use-modal.ts'

type SideSheetProps = { open: boolean; onClose: () => void; label: string; children: ReactNode }

/** A column that finds no room beside the page: it comes over it, from the right. */
export function SideSheet({ open, onClose, label, children }: SideSheetProps) {
  const dialog = useModal(open)
  return (
    <dialog
      ref={dialog}
      aria-label={label}
      onClose={onClose}
      // A press beside it, on the backdrop, is a press on the dialog itself.
      onPointerDown={({ target, currentTarget }) => target === currentTarget && onClose()}
      className="mt-0 mr-0 mb-0 ml-auto h-dvh max-h-none w-[min(320px,calc(100vw-48px))] max-w-none border-l border-ink bg-bg text-ink backdrop:bg-ink/25"
    >
      <div className="flex min-h-full flex-col px-5 pb-8">
        <div className="-mr-2 flex h-12 shrink-0 items-center justify-end">
          <IconButton label="Close" onClick={onClose}>
            <Icon name="close" />
          </IconButton>
        </div>
        {open && children}
      </div>
    </dialog>
  )
}
