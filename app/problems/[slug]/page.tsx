import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { problemPage } from '#components/shell/problem-pages.ts'

type Props = { params: Promise<{ slug: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { slug } = await params
  return { title: problemPage(slug) ? `Problem: ${slug}` : 'Not found' }
}

/** The page that a problem's `type` points to: what it means and what to do. */
export default async function ProblemDoc({ params }: Props) {
  const { slug } = await params
  const page = problemPage(slug) ?? notFound()
  const example = { type: `/problems/${slug}`, title: page.title, status: page.status, ...page.example }
  return (
    <div className="page-x mx-auto w-full max-w-[912px] pt-6 pb-16 md:pt-8">
      <p className="type-label">
        <Link href="/problems" className="hover:text-ink">
          Problems
        </Link>{' '}
        / <span className="font-mono font-stretch-normal">{slug}</span>
      </p>
      <h1 className="type-title mt-2">{page.title}</h1>
      <dl className="mt-5 border-t border-line-strong text-body">
        <Fact name="Status">
          <span className="font-mono">{page.status}</span>
        </Fact>
        <Fact name="What it means">{page.means}</Fact>
        <Fact name="What to do">{page.remedy}</Fact>
        <Fact name="Document">
          <pre className="type-data bg-sunken p-3 leading-5 break-words whitespace-pre-wrap">
            {JSON.stringify(example, null, 2)}
          </pre>
        </Fact>
      </dl>
      <p className="mt-5 text-ui text-ink-3">
        Every error from this server is a document like this, with media type application/problem+json (RFC
        9457). The instance member is the path you requested; requestId identifies the request in the server’s
        log.
      </p>
    </div>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid border-b border-line py-3 md:grid-cols-[160px_1fr]">
      <dt className="type-label pt-1">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  )
}
