import Link from 'next/link'
import type { ReactNode } from 'react'
import { StateBlock } from '#components/ui/state-block.tsx'
import { destinations } from './destinations.ts'
import { PhoneTitle } from './phone-title.tsx'

const sameForBoth = 'The server gives the same response for both.'

/** 404, without a hint whether it was never there or only not theirs. */
export function NotFoundBlock({ level }: { level: 1 | 2 }) {
  return (
    <StateBlock
      level={level}
      drawing={<p className="font-mono text-[72px] leading-none tracking-[-0.06em]">404</p>}
      title="Not found, or no access"
      actions={destinations.map(({ href, name }) => (
        <Link key={href} href={href} className="link">
          {name}
        </Link>
      ))}
    >
      {sameForBoth}
    </StateBlock>
  )
}

type NotFoundInListProps = {
  title: string
  /** The list that it is not in: its name on a phone's title bar, and in the link. */
  list: { href: string; name: string; link: string }
  /** What may have happened; without it, that it is not told whether the thing is missing or another's. */
  children?: ReactNode
}

/** The whole page of one thing in a list, which is not there or not the reader's. */
export function NotFoundInList({ title, list, children = sameForBoth }: NotFoundInListProps) {
  return (
    <div className="min-w-0 flex-1">
      <PhoneTitle back={list.href} backLabel={list.name} title="Not found" />
      <div className="page-x pt-12 pb-16">
        <StateBlock
          level={1}
          drawing={<span className="block font-mono text-[64px] leading-none tracking-[-0.04em]">404</span>}
          title={title}
          actions={
            <Link href={list.href} className="link">
              {list.link}
            </Link>
          }
        >
          {children}
        </StateBlock>
      </div>
    </div>
  )
}
