'use client'
import type { ComponentProps } from 'react'
import { Icon, type IconName } from '#components/ui/icon.tsx'
import type { WireMessage } from '#server/protocol/chat.ts'
import type { MessageActions } from './message-actions.ts'

type MessageToolsProps = { message: WireMessage; own: boolean; mayDelete: boolean; actions: MessageActions }

/** What can be done with a message; stands over its row while the pointer or the focus is there. */
export function MessageTools({ message, own, mayDelete, actions }: MessageToolsProps) {
  return (
    <div
      role="toolbar"
      aria-label={`Message ${message.seq}`}
      className="absolute -top-3.5 right-16 z-10 flex border border-ink bg-raised max-md:right-4"
    >
      <Tool
        icon="smile"
        label="React"
        onClick={(event) => actions.pickReaction({ seq: message.seq, button: event.currentTarget })}
      />
      <Tool icon="reply" label="Reply" onClick={() => actions.reply(message)} />
      {own && <Tool icon="edit" label="Edit" onClick={() => actions.edit(message.seq)} />}
      {mayDelete && <Tool icon="delete" label="Delete" onClick={() => actions.askToDelete(message)} />}
    </div>
  )
}

function Tool({ icon, label, ...rest }: ComponentProps<'button'> & { icon: IconName; label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className="grid size-7 place-items-center text-ink-2 hover:bg-hover hover:text-ink focus-visible:outline-offset-[-2px] max-md:size-11"
    >
      <Icon name={icon} />
    </button>
  )
}
