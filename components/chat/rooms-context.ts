'use client'
import { createContext, useContext } from 'react'
import type { WireRoomRead } from '#server/protocol/chat.ts'

/** What a room tells the list of rooms beside it. The object stays the same. */
export type RoomsLedger = {
  read: (roomId: string, read: WireRoomRead) => void
  /** Reads the list again: one has joined, left, or been put out. */
  refresh: () => Promise<void>
}

const Ledger = createContext<RoomsLedger | null>(null)
export const RoomsLedgerProvider = Ledger.Provider

/** Throws outside the chat's frame. */
export function useRoomsLedger(): RoomsLedger {
  const ledger = useContext(Ledger)
  if (!ledger) throw new Error('No list of rooms around this component')
  return ledger
}
