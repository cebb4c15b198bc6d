import Link from 'next/link'
import type { ReactNode } from 'react'
import { StateBlock } from '#components/ui/state-block.tsx'
import { destinations } from './destinations.ts'
import { PhoneTitle } from './phone-title.tsx'

const sameForBoth =
  'It may have been removed, or belong to someone else. The server doesn’t say which, so that nobody learns what exists by trying addresses.'

/** 404, without revealing whether the page never existed or belongs to somebody else. */
export function NotFoundBlock({ level }: { level: 1 | 2 }) {
  return (
    <StateBlock
      level={level}
      drawing={<p className="font-mono text-[72px] leading-none tracking-[-0.06em]">404</p>}
      title="Page not found"
      actions={destinations.map(({ href, name }) => (
        <Link key={href} href={href} className="link">
          {name}
        </Link>
      ))}
    >
      Nothing that you can open is at this address. Check it for typos, or continue from here.
    </StateBlock>
  )
}

type NotFoundInListProps = {
  title: string
  /** The list that it is not in: its name in a phone's title bar, and in the link. */
  list: { href: string; name: string; link: string }
  /** What may have happened; by default, that the page does not say whether the thing is missing or somebody else's. */
  children?: ReactNode
}

/** The page for one item of a list that does not exist or is not the reader's. */
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
