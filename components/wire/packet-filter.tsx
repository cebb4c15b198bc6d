import { Choice } from '#components/ui/choice.tsx'
import type { PacketGroup } from './read-packet.ts'

/** All packets, those of one group, or what went over HTTP beside the socket. */
export type PacketChoice = 'all' | Exclude<PacketGroup, 'other'> | 'http'

const options = [
  { value: 'all', label: 'All' },
  { value: 'entries', label: 'Entries' },
  { value: 'commands', label: 'Commands' },
  { value: 'ticks', label: 'Ticks' },
  { value: 'pings', label: 'Pings' },
  { value: 'http', label: 'HTTP' },
] as const satisfies { value: PacketChoice; label: string }[]

type PacketFilterProps = { value: PacketChoice; onChange: (choice: PacketChoice) => void }

/** Which packets of the socket the drawer lists. */
export function PacketFilter({ value, onChange }: PacketFilterProps) {
  return (
    <Choice
      label="Which packets the list shows"
      options={options}
      value={value}
      onChange={onChange}
      small
      className="mx-(--wire-x) my-2 max-w-[calc(100%-2*var(--wire-x))]"
    />
  )
}
