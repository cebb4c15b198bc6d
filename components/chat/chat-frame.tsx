'use client'
import { usePathname } from 'next/navigation'
import { type ReactNode, useEffect } from 'react'
import { useSocket, useSocketView } from '#components/live/use-socket.tsx'
import { type Command, usePageCommands } from '#components/shell/palette/page-commands.ts'
import { SessionEnded } from '#components/shell/poll-trouble.tsx'
import { useLineShell } from '#components/shell/use-line-shell.ts'
import { useTitleCount } from '#components/shell/use-title-count.ts'
import type { WireRoomList } from '#server/protocol/chat.ts'
import { keepLastRoom } from './last-room.tsx'
import { RoomsColumn } from './rooms-column.tsx'
import { unreadIn } from './rooms-state.ts'
import { RoomsLedgerProvider, useRooms } from './use-rooms.ts'

type ChatFrameProps = { initial: WireRoomList; readerId: string; children: ReactNode }

/** The chat: its rooms on the left, live, beside whichever room is open. */
export function ChatFrame({ initial, readerId, children }: ChatFrameProps) {
  const path = usePathname()
  const openId = /^\/chat\/([^/]+)/.exec(path)?.[1]
  const line = useSocket()
  const view = useSocketView(line)
  const { rooms, ledger, more } = useRooms(initial, readerId)
  const open = rooms.find(({ id }) => id === openId)
  useTitleCount(unreadIn(rooms))
  const openMine = open?.role && open.id
  useEffect(() => {
    if (openMine) keepLastRoom(readerId, openMine)
  }, [readerId, openMine])
  usePageCommands(() =>
    rooms.map(
      (room): Command => ({ group: 'Rooms', title: room.name, words: room.topic, href: `/chat/${room.id}` }),
    ),
  )
  useLineShell(view, {
    tryNow: line.tryNow,
    promise: 'Messages you write are kept and sent once.',
    ...(open?.role && { upTo: open.cursor }),
  })

  if (view.state === 'signed-out') return <SessionEnded mode="ws" back={path} />
  return (
    <RoomsLedgerProvider value={ledger}>
      <div className="fills-window flex [--chat-x:24px] max-md:[--chat-x:16px]">
        <div
          className={`min-h-0 shrink-0 border-line ${
            openId
              ? 'hidden w-60 border-r @min-[800px]:flex'
              : 'flex w-full @min-[800px]:w-60 @min-[800px]:border-r'
          }`}
        >
          <RoomsColumn rooms={rooms} openId={openId} more={more} />
        </div>
        <div className={`min-h-0 min-w-0 flex-1 ${openId ? 'flex' : 'hidden @min-[800px]:flex'}`}>
          {children}
        </div>
      </div>
    </RoomsLedgerProvider>
  )
}
