import type { ReactNode } from 'react'

/** The ground on which an opened line of a socket's list lies: marks left, what was said right of them. */
export function SocketDetail({ children }: { children: ReactNode }) {
  return (
    <div className="type-data grid grid-cols-[14px_minmax(0,1fr)] gap-x-2.5 pt-1 pr-(--wire-x) pb-4 pl-31 leading-5 max-md:pl-(--wire-x)">
      {children}
    </div>
  )
}
