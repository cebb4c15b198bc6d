'use client'
import type { TrapName } from '#server/protocol/lab.ts'
import { useTraps } from './trap-runs.tsx'

type Group = { title: string; traps: readonly { name: TrapName; title: string }[] }

/** All traps by name, each with its state on this page. */
export function TrapIndex({ groups }: { groups: readonly Group[] }) {
  const { standOf } = useTraps()
  return (
    <nav aria-label="The traps" className="text-ui max-lg:mb-10 lg:sticky lg:top-16 lg:self-start">
      {groups.map(({ title, traps }) => (
        <section key={title} className="mb-5">
          <h2 className="type-label border-b border-line-strong pb-1.5">{title}</h2>
          <ul>
            {traps.map(({ name, title }) => (
              <li key={name} className="border-b border-line">
                <a
                  href={`#${name}`}
                  className="flex min-h-(--row) items-center justify-between gap-3 py-1 text-ink-2 hover:text-ink"
                >
                  {title}
                  <Stand state={standOf(name).state} />
                </a>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  )
}

const words = {
  'not-run': undefined,
  running: '…',
  refused: 'not run',
  failed: 'failed',
  done: 'run',
} as const

function Stand({ state }: { state: keyof typeof words }) {
  return (
    <span className={`type-data ${state === 'failed' ? 'text-danger' : 'text-ink-3'}`}>{words[state]}</span>
  )
}
