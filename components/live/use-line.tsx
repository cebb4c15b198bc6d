'use client'

import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react'
import type { Fetch } from './ask.ts'
import { browserClock } from './clock.ts'
import { createSocketLine } from './create-line.ts'
import { firstLineView } from './line-view.ts'
import { connector } from './open-connection.ts'
import type { Packet } from './packet.ts'
import { pageFetch, pageViewer } from './page-viewer.ts'
import type { LineView, SocketLine } from './socket-line.ts'

const Line = createContext<SocketLine | undefined>(undefined)

type LineProviderProps = {
  /** What goes over HTTP, in the fallback; the page's own by default. */
  fetch?: Fetch
  /** Told of every packet. */
  onPacket?: (packet: Packet) => void
  children: ReactNode
}

/** The one line of this tab, for every page below. No connection is made until a page needs one. */
export function LineProvider({ fetch, onPacket, children }: LineProviderProps) {
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
export function useLine(): SocketLine {
  const line = useContext(Line)
  if (!line) throw new Error('useLine needs a LineProvider above')
  useEffect(() => line.hold(), [line])
  return line
}

/** What the line is doing now. */
export function useLineView(line: SocketLine): LineView {
  return useSyncExternalStore(line.watch, line.view, () => firstLineView)
}

function pageLine(fetch: Fetch = pageFetch, onPacket?: (packet: Packet) => void) {
  const line = createSocketLine({
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
