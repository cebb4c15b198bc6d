'use client'

import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react'
import { browserClock } from './clock.ts'
import { firstLineView } from './line-view.ts'
import { connector } from './open-connection.ts'
import { createSocketLine, type LineView, type SocketLine } from './socket-line.ts'

const Line = createContext<SocketLine | undefined>(undefined)

/** The one line of this tab, for every page below. No connection is made until a page needs one. */
export function LineProvider({ children }: { children: ReactNode }) {
  const [line] = useState(pageLine)
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

function pageLine(): SocketLine {
  return createSocketLine({
    connector: (note) => connector({ note }),
    fetch: (url, init) => window.fetch(url, init),
    clock: browserClock,
    browser: {
      get document() {
        return document
      },
      get window() {
        return window
      },
    },
  })
}
