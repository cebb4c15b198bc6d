'use client'
import { useEffect } from 'react'
import { pagePackets } from '#components/wire/page-packets.ts'
import { isOpen } from '#components/wire/socket-life.ts'
import { packetTeller } from './packet-teller.ts'
import type { Told } from './recorded-fetch.ts'

/** Tells the drawing what this page has on its socket, one that was open before it included. */
export function useHeardPackets(told: Told) {
  useEffect(() => {
    const tell = packetTeller(told)
    const leave = pagePackets.listen(tell)
    // Whoever watches is shown what there is by now.
    pagePackets.watch(() => undefined)()
    for (const { socket, openingMs, openedMs = openingMs } of pagePackets.current().sockets.filter(isOpen)) {
      tell({ type: 'opening', socket, atMs: openingMs })
      tell({ type: 'opened', socket, atMs: openedMs })
    }
    return leave
  }, [told])
}
