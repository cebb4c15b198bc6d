import type { Metadata } from 'next'
import { NoRoomOpen } from '#components/chat/room-states.tsx'
import { roomsFor } from '#server/pages.ts'
import { signedIn } from '../loans/signed-in.ts'

export const metadata: Metadata = { title: 'Chat' }

/** The list of rooms, with none open. */
export default async function Chat() {
  const { items } = await roomsFor(await signedIn('/chat'))
  return <NoRoomOpen none={items.every(({ role }) => role === undefined)} />
}
