import type { ReactNode } from 'react'

/** One total at the head of the drawer, in a row with others. */
export function Total(props: {
  label: string
  note?: string
  mark?: ReactNode
  className?: string
  children: ReactNode
}) {
  const { label, note, mark, className, children } = props
  return (
    <div
      className={`flex-auto border-l border-line py-3 pl-3 first:border-0 first:pl-(--wire-x) last:pr-(--wire-x) max-md:flex-1 ${className ?? ''}`}
    >
      <dt className="type-label flex h-4 items-center gap-1.5 whitespace-nowrap">
        {mark}
        <span>
          {label} {note && <span className="max-md:hidden">{note}</span>}
        </span>
      </dt>
      <dd className="mt-1 min-w-[5ch] font-mono text-lead whitespace-nowrap tracking-[-0.04em]">
        {children}
      </dd>
    </div>
  )
}

/** `8.0 KB`, `1.2 MB`, with the unit in small muted letters. */
export function TotalBytes({ bytes }: { bytes: number }) {
  const [figure, unit] =
    bytes < 1_000
      ? [String(bytes), 'B']
      : bytes < 1_000_000
        ? [(bytes / 1_000).toFixed(1), 'KB']
        : [(bytes / 1_000_000).toFixed(1), 'MB']
  return (
    <>
      {figure} <span className="type-data text-ink-3">{unit}</span>
    </>
  )
}
