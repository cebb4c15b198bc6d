'use client'
import { useSyncExternalStore } from 'react'
import { noPackets, type PacketRecording } from './packet-log.ts'
import { pagePackets } from './page-packets.ts'

/** What this page's sockets have had on the wire so far; renewed at most four times a second. */
export function usePackets(): PacketRecording {
  return useSyncExternalStore(pagePackets.watch, pagePackets.current, () => noPackets)
}
