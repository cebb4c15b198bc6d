'use client'
import {
  createContext,
  createElement,
  type ReactNode,
  useContext,
  useEffect,
  useEffectEvent,
  useState,
  useSyncExternalStore,
} from 'react'
import { pageViewer } from '#components/live/page-viewer.ts'
import type { WireNotificationList } from '#server/protocol/notifications.ts'
import type { Viewer } from '#server/protocol/people.ts'
import { type Arrival, type Bell, silentBell } from './bell.ts'
import { type BellStore, createBellStore } from './bell-store.ts'

const BellContext = createContext<BellStore | null>(null)

type BellProviderProps = {
  /** The bell's owner; `null` if nobody is signed in. Another viewer needs another `key`. */
  viewer: Pick<Viewer, 'id'> | null
  /** The list that the page was rendered with; without it the list is loaded. */
  initial: WireNotificationList | null
  children: ReactNode
}

/** Keeps the bell's one connection while the layout is mounted. */
export function BellProvider({ viewer, initial, children }: BellProviderProps) {
  const [store] = useState(() => viewer && createBellStore(viewer.id, initial))
  useEffect(() => store?.start(), [store])
  useEffect(() => pageViewer.onReturn(() => store?.current().tryNow()), [store])
  return createElement(BellContext, { value: store }, children)
}

/** The bell of the signed-in user. */
export function useBell(): Bell {
  const store = useContext(BellContext)
  const current = store?.current ?? silent
  return useSyncExternalStore(store?.watch ?? unwatched, current, current)
}

/**
 * Calls `onArrival` for each notification that this tab should toast: the visible tab, once across all windows, never
 * for history.
 */
export function useArrivals(onArrival: (arrival: Arrival) => void) {
  const store = useContext(BellContext)
  const tell = useEffectEvent(onArrival)
  useEffect(() => store?.onArrival((arrival) => tell(arrival)), [store])
}

function silent() {
  return silentBell
}

function unwatched() {
  return () => undefined
}
