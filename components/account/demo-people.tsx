'use client'
import { Icon } from '#components/ui/icon.tsx'
import { PendingDashes } from '#components/ui/pending-dashes.tsx'
import type { Role } from '#server/protocol/protocol.ts'

export type DemoPerson = { name: string; email: string; password: string; role: Role }

const parts = { customer: 'borrower', officer: 'loan officer' } as const satisfies Record<Role, string>

/** The people to sign in as with one press; in demo mode only, else there are none. */
export function DemoPeople({
  people,
  pending,
  onEnter,
}: {
  people: DemoPerson[]
  /** The email of whoever is being signed in. */
  pending?: string
  onEnter: (person: DemoPerson) => void
}) {
  if (people.length === 0) return null
  return (
    <section aria-labelledby="demo-people" className="mt-auto pt-14">
      <h2 id="demo-people" className="type-label border-b border-line-strong pb-2">
        Try it without an account of your own
      </h2>
      <ul>
        {people.map((person) => (
          <li key={person.email}>
            <button
              type="button"
              aria-busy={pending === person.email || undefined}
              onClick={() => onEnter(person)}
              className="group grid h-9 w-full grid-cols-[120px_1fr_auto] items-center border-b border-line text-left text-ui hover:bg-hover max-md:h-11"
            >
              <strong className="font-semibold">{person.name}</strong>
              <span className="text-ink-2">{parts[person.role]}</span>
              {pending === person.email ? <PendingDashes /> : <Icon name="arrow-right" />}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
