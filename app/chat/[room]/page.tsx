import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Suspense } from 'react'
import { JoinRoom } from '#components/chat/join-room.tsx'
import { RoomPage } from '#components/chat/room-page.tsx'
import { RoomSkeleton } from '#components/chat/room-states.tsx'
import { RenderedFor } from '#components/shell/rendered-for.tsx'
import { openRoomFor, roomFor } from '#server/pages.ts'
import type { Viewer } from '#server/protocol/people.ts'
import { signedIn } from '../../loans/signed-in.ts'
import { viewer } from '../../viewer.ts'

type Props = {
  params: Promise<{ room: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const reader = await viewer()
  const room = reader && (await roomFor(reader, (await params).room))
  return { title: room?.name ?? 'Chat' }
}

/** One room, live from when it was read; `?message=12` links to a message. */
export default async function Room({ params, searchParams }: Props) {
  const [{ room }, { message }] = await Promise.all([params, searchParams])
  const seq = typeof message === 'string' && /^\d{1,15}$/.test(message) ? Number(message) : undefined
  const reader = await signedIn(`/chat/${room}${seq === undefined ? '' : `?message=${seq}`}`)
  // Before anything is sent, because a page that has started streaming can no longer respond with 404.
  if (!(await roomFor(reader, room))) notFound()
  return (
    <Suspense fallback={<RoomSkeleton />}>
      <OpenRoom id={room} reader={reader} aimedAt={seq} />
    </Suspense>
  )
}

async function OpenRoom({
  id,
  reader,
  aimedAt,
}: {
  id: string
  reader: Viewer
  aimedAt: number | undefined
}) {
  const open = await openRoomFor(reader, id)
  if (!open) notFound()
  const { room, messages } = open
  if (!messages) {
    return (
      <>
        <RenderedFor viewer={reader} />
        <JoinRoom room={room} />
      </>
    )
  }
  return (
    <>
      <RenderedFor viewer={reader} />
      <RoomPage key={`${id} ${aimedAt}`} detail={room} list={messages} viewer={reader} aimedAt={aimedAt} />
    </>
  )
}
