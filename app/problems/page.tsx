import type { Metadata } from 'next'
import { problemPages } from '#components/shell/problem-pages.ts'
import { HoverLink } from '#components/ui/hover-link.tsx'
import { problemSlugs } from '#server/protocol/problems.ts'

export const metadata: Metadata = { title: 'Problems' }

/** Every kind of refusal that this server sends. */
export default function Problems() {
  return (
    <div className="page-x mx-auto w-full max-w-[912px] pt-6 pb-16 md:pt-8">
      <h1 className="type-title">Problems</h1>
      <p className="mt-1 text-ui text-ink-2">
        Every error is a problem document (RFC 9457) whose type links to one of these pages.
      </p>
      <ul className="mt-5 border-t border-line-strong">
        {problemSlugs.map((slug) => (
          <li key={slug}>
            <HoverLink
              href={`/problems/${slug}`}
              className="grid min-h-(--row) grid-cols-[48px_1fr] items-center border-b border-line py-1 text-ui hover:bg-hover md:grid-cols-[96px_1fr_auto]"
            >
              <span className="type-data text-ink-2">{problemPages[slug].status}</span>
              <span className="font-semibold">{problemPages[slug].title}</span>
              <span className="type-data text-ink-3 max-md:col-start-2">{slug}</span>
            </HoverLink>
          </li>
        ))}
      </ul>
    </div>
  )
}
