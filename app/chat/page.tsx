import type { Metadata } from 'next'
import { LastRoom } from '#components/chat/last-room.tsx'
import { NoRoomsYet } from '#components/chat/room-states.tsx'
import { roomsFor } from '#server/pages.ts'
import { signedIn } from '../loans/signed-in.ts'

export const metadata: Metadata = { title: 'Chat' }

/** The list of rooms, and beside it the room that was open last. */
export default async function Chat() {
  const reader = await signedIn('/chat')
  const { items } = await roomsFor(reader)
  const [first, ...others] = items.filter(({ role }) => role !== undefined).map(({ id }) => id)
  return first === undefined ? <NoRoomsYet /> : <LastRoom readerId={reader.id} mine={[first, ...others]} />
}
