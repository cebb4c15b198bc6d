'use client'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import type { WireMessage } from '#server/protocol/chat.ts'

type DeleteDialogProps = {
  message: WireMessage | undefined
  onClose: () => void
  onDelete: (message: WireMessage) => void
}

/** Asks before a message is taken back. */
export function DeleteDialog({ message, onClose, onDelete }: DeleteDialogProps) {
  return (
    <Dialog
      open={message !== undefined}
      onClose={onClose}
      title="Delete the message?"
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            Keep it
          </Button>
          <Button look="danger" onClick={() => message && onDelete(message)}>
            Delete
          </Button>
        </>
      }
    >
      <p dir="auto" className="mb-3 line-clamp-3 border-l-2 border-line-strong pl-3 text-ink wrap-anywhere">
        {message?.body}
      </p>
      Its text goes for everybody, here and in the log. That there was a message stays.
    </Dialog>
  )
}
