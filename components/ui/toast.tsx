'use client'
import Link from 'next/link'
import { useSyncExternalStore } from 'react'
import { classes } from './classes.ts'
import { Icon } from './icon.tsx'
import { IconButton } from './icon-button.tsx'
import { Time } from './time.tsx'
import { closeToast, currentToasts, type ToastNote, watchToasts } from './toast-store.ts'

const none: readonly ToastNote[] = []

/** Where toasts appear; the layout holds one. */
export function Toasts() {
  const notes = useSyncExternalStore(watchToasts, currentToasts, () => none)
  return (
    <section
      aria-label="Messages"
      className="fixed right-(--page-x) bottom-24 z-40 flex w-[min(400px,calc(100vw-32px))] flex-col gap-2"
    >
      <ToastList notes={notes.filter(({ quiet }) => quiet)} />
      <div aria-live="polite" className="contents">
        <ToastList notes={notes.filter(({ quiet }) => !quiet)} />
      </div>
    </section>
  )
}

function ToastList({ notes }: { notes: readonly ToastNote[] }) {
  return notes.map((note) => <Toast key={note.id} note={note} onClose={() => closeToast(note.id)} />)
}

/** One toast: time, text, and the button that closes it. */
function Toast({ note, onClose }: { note: ToastNote; onClose: () => void }) {
  return (
    <div
      className={classes(
        'flex min-h-11 items-center gap-4 border bg-raised pr-1 pl-3 text-ui',
        note.danger ? 'border-danger' : 'border-ink',
      )}
    >
      <Time at={note.at} className="text-ink-3" />
      <p className="min-w-0 flex-1 py-2 wrap-anywhere">
        <strong className={classes('font-semibold', note.danger && 'text-danger')}>{note.title}</strong>{' '}
        {note.text}
      </p>
      {note.action && (
        <Link href={note.action.href} className="link">
          {note.action.label}
        </Link>
      )}
      <IconButton label="Close" onClick={onClose}>
        <Icon name="close" />
      </IconButton>
    </div>
  )
}
