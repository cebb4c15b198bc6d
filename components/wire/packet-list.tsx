'use client'
import { memo, useCallback, useState } from 'react'
import type { PacketRecording } from './packet-log.ts'
import { PacketRow } from './packet-row.tsx'
import { SocketEndRow } from './socket-end-row.tsx'
import type { SocketLine } from './socket-lines.ts'
import { UpgradeRow } from './upgrade-row.tsx'

const head = 'type-label h-7 font-normal whitespace-nowrap'

type PacketListProps = { lines: readonly SocketLine[]; packets: PacketRecording['packets'] }

/** What was on the socket, newest first; one row at a time is open. Fixed columns: a new row measures no other. */
export const PacketList = memo(function PacketList({ lines, packets }: PacketListProps) {
  const [openKey, setOpenKey] = useState<string>()
  const toggle = useCallback((key: string) => {
    setOpenKey((before) => (before === key ? undefined : key))
  }, [])
  return (
    <table className="w-full table-fixed border-collapse" aria-label="The socket of this page, newest first">
      <thead>
        <tr className="border-y border-line-strong">
          <th scope="col" className={`${head} w-29 pl-(--wire-x) text-left max-md:w-22`}>
            time
          </th>
          <th scope="col" className={`${head} pl-8 text-left`}>
            packet
          </th>
          <th scope="col" className={`${head} w-15 text-right max-md:w-12`}>
            <abbr title="bytes" className="no-underline">
              B
            </abbr>
          </th>
          <th scope="col" className={`${head} w-19 pr-(--wire-x) text-right max-md:w-17`}>
            ack, ms
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <Line key={line.key} line={line} packets={packets} open={line.key === openKey} toggle={toggle} />
        ))}
      </tbody>
    </table>
  )
})

type LineProps = {
  line: SocketLine
  packets: PacketRecording['packets']
  open: boolean
  toggle: (key: string) => void
}

function Line({ line, packets, open, toggle }: LineProps) {
  switch (line.type) {
    case 'upgrade':
      return <UpgradeRow life={line.life} open={open} toggle={toggle} />
    case 'end':
      return <SocketEndRow life={line.life} closed={line.closed} />
    case 'packet': {
      const { packet } = line
      const { n } = (open && packet.answer) || {}
      const other = n === undefined ? undefined : packets.find((own) => own.n === n)
      return <PacketRow packet={packet} other={other} open={open} toggle={toggle} />
    }
  }
}
