import { Choice } from '#components/ui/choice.tsx'
import { requests } from './wire-group.ts'

/** Everything that this page had on the wire. */
export const all = 'all'

type WireFilterProps = { groups: readonly string[]; value: string; onChange: (group: string) => void }

/** Which wire the drawer lists, where there are several: one stream by its name, the other requests, or all. */
export function WireFilter({ groups, value, onChange }: WireFilterProps) {
  const options = [all, ...groups].map((group) => ({ value: group, label: labels[group] ?? group }))
  return (
    <Choice
      label="What the list shows"
      options={options}
      value={value}
      onChange={onChange}
      small
      className="mx-(--wire-x) my-2"
    />
  )
}

const labels: Record<string, string> = { [all]: 'All', [requests]: 'Requests', me: 'Bell', feed: 'Feed' }
