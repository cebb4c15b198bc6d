import type { Basis } from './reasons/reason.ts'

/** What a reason rests on, to be looked up where that is possible. */
export function BasisLink({ basis: { name, href } }: { basis: Basis }) {
  if (!href) return <span>{name}</span>
  return (
    <a href={href} rel="noreferrer" className="link">
      {name}
    </a>
  )
}
