import type { Metadata } from 'next'
import { ComparePage } from '#components/lab/compare/compare-page.tsx'

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export const metadata: Metadata = { title: 'Compare runs' }

/** Two runs of the lab side by side: `?a=` and `?b=` are their ids. */
export default async function Compare({ searchParams }: Props) {
  const { a, b } = await searchParams
  return <ComparePage {...(typeof a === 'string' && { a })} {...(typeof b === 'string' && { b })} />
}
