import type { Metadata } from 'next'
import { NoRoomOpen } from '#components/chat/room-states.tsx'
import { roomsFor } from '#server/pages.ts'
import { signedIn } from '../loans/signed-in.ts'

export const metadata: Metadata = { title: 'Chat' }

/** The rooms, none of which is open yet. */
export default async function Chat() {
  const { items } = await roomsFor(await signedIn('/chat'))
  return <NoRoomOpen none={items.every(({ role }) => role === undefined)} />
}
