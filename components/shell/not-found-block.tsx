import Link from 'next/link'
import { StateBlock } from '#components/ui/state-block.tsx'
import { destinations } from './destinations.ts'

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
      The server gives the same response for both.
    </StateBlock>
  )
}
