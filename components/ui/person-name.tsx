'use client'
import { createContext, type ReactNode, useContext, useMemo } from 'react'
import type { Person } from '#server/protocol/people.ts'
import { hasOwnHandle, namesakesAmong } from './person-label.ts'

const Namesakes = createContext<ReadonlySet<string>>(new Set())

/** Tells each `PersonName` below whose names are shared by others among `people`. */
export function NamesakesProvider({ people, children }: { people: readonly Person[]; children: ReactNode }) {
  const ids = namesakesAmong(people).join(' ')
  const namesakes = useMemo(() => new Set(ids.split(' ')), [ids])
  return <Namesakes value={namesakes}>{children}</Namesakes>
}

/** A person's name, with the handle beside it where the name alone is ambiguous. */
export function PersonName({ person, className }: { person: Person; className?: string }) {
  const namesakes = useContext(Namesakes)
  return (
    <span className={className} translate="no">
      <bdi>{person.name}</bdi>
      {(namesakes.has(person.id) || hasOwnHandle(person)) && (
        <>
          {' '}
          <span className="type-data inline-block font-normal text-ink-3">@{person.handle}</span>
        </>
      )}
    </span>
  )
}
