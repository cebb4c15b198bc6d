'use client'

import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react'
import { browserClock } from './clock.ts'
import { type ConnectionView, newConnection } from './connection.ts'
import { connector, type Packet } from './open-socket.ts'
import { pageFetch, pageViewer } from './page-viewer.ts'
import type { Fetch } from './request.ts'
import { createSharedSocket, type SharedSocket } from './shared-socket.ts'

const SocketContext = createContext<SharedSocket | undefined>(undefined)

type SocketProviderProps = {
  /** For the fallback; the page's own by default. */
  fetch?: Fetch
  /** Called with every packet. */
  onPacket?: (packet: Packet) => void
  children: ReactNode
}

/** The one socket of this tab, for every page below. It does not connect until a page needs it. */
export function SocketProvider({ fetch, onPacket, children }: SocketProviderProps) {
  const [socket] = useState(() => pageSocket(fetch, onPacket))
  // The outbox holds the socket across pages, which must stop while another user is signed in.
  useEffect(() => {
    socket.resume()
    return socket.suspend
  }, [socket])
  useEffect(() => pageViewer.onReturn(socket.tryNow), [socket])
  useEffect(
    () => socket.watch(() => socket.view().state === 'signed-out' && pageViewer.sessionEnded()),
    [socket],
  )
  return <SocketContext value={socket}>{children}</SocketContext>
}

/** The socket, held while the component is mounted. */
export function useSocket(): SharedSocket {
  const socket = useContext(SocketContext)
  if (!socket) throw new Error('useSocket needs a SocketProvider above')
  useEffect(() => socket.hold(), [socket])
  return socket
}

/** The state of the socket's connection. */
export function useSocketView(socket: SharedSocket): ConnectionView {
  return useSyncExternalStore(socket.watch, socket.view, () => newConnection({ state: 'idle' }))
}

function pageSocket(fetch: Fetch = pageFetch, onPacket?: (packet: Packet) => void) {
  const socket = createSharedSocket({
    connector: (note) => connector({ note, viewerId: () => pageViewer.view().page?.id }),
    fetch,
    clock: browserClock,
    report: (fault) => window.reportError(fault),
    browser: {
      get document() {
        return document
      },
      get window() {
        return window
      },
    },
  })
  if (onPacket) socket.onPacket(onPacket)
  return socket
}
