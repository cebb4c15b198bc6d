import type { ReactNode } from 'react'
import { ChatFrame } from '#components/chat/chat-frame.tsx'
import { RenderedFor } from '#components/shell/rendered-for.tsx'
import { SourceTab } from '#components/source/source-tab.tsx'
import { WireFrame } from '#components/wire/wire-frame.tsx'
import { roomsFor } from '#server/pages.ts'
import { viewer } from '../viewer.ts'

/** Every room has the list of rooms and the wire drawer beside it. */
export default async function ChatLayout({ children }: { children: ReactNode }) {
  const reader = await viewer()
  // The page redirects visitors to sign in, because it knows where that should lead back to.
  if (!reader) return children
  return (
    <WireFrame lane="ws" source={<SourceTab lane="ws" />}>
      <RenderedFor viewer={reader} />
      <ChatFrame initial={await roomsFor(reader)} readerId={reader.id}>
        {children}
      </ChatFrame>
    </WireFrame>
  )
}
