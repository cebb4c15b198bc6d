'use client'

import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react'
import { browserClock } from './clock.ts'
import { type ConnectionView, newConnection } from './connection.ts'
import { connector, type Packet } from './open-socket.ts'
import { pageFetch, pageViewer } from './page-viewer.ts'
import type { Fetch } from './request.ts'
import { createSharedSocket, type SharedSocket } from './shared-socket.ts'

const Line = createContext<SharedSocket | undefined>(undefined)

type LineProviderProps = {
  /** What goes over HTTP, in the fallback; the page's own by default. */
  fetch?: Fetch
  /** Told of every packet. */
  onPacket?: (packet: Packet) => void
  children: ReactNode
}

/** The one line of this tab, for every page below. No connection is made until a page needs one. */
export function SocketProvider({ fetch, onPacket, children }: LineProviderProps) {
  const [line] = useState(() => pageLine(fetch, onPacket))
  // What is to be sent holds the line beyond any page, and must not while somebody else is signed in.
  useEffect(() => {
    line.resume()
    return line.suspend
  }, [line])
  useEffect(() => pageViewer.onReturn(line.tryNow), [line])
  useEffect(() => line.watch(() => line.view().state === 'signed-out' && pageViewer.sessionEnded()), [line])
  return <Line value={line}>{children}</Line>
}

/** The line, held as long as the component stands. */
export function useSocket(): SharedSocket {
  const line = useContext(Line)
  if (!line) throw new Error('useLine needs a LineProvider above')
  useEffect(() => line.hold(), [line])
  return line
}

/** What the line is doing now. */
export function useSocketView(line: SharedSocket): ConnectionView {
  return useSyncExternalStore(line.watch, line.view, () => newConnection({ state: 'idle' }))
}

function pageLine(fetch: Fetch = pageFetch, onPacket?: (packet: Packet) => void) {
  const line = createSharedSocket({
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
  if (onPacket) line.onPacket(onPacket)
  return line
}
