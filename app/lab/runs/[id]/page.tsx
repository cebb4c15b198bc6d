import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { RunPage } from '#components/lab/runs/run-page.tsx'
import { runTitle } from '#components/lab/runs/run-words.ts'
import { runFor } from '#server/pages.ts'
import './print.css'

type Props = { params: Promise<{ id: string }> }

/** Cached, because the title and the page both need it. */
const found = cache(runFor)

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const run = await found((await params).id)
  return { title: run ? `Run ${run.number}: ${runTitle(run)}` : 'No such run' }
}

/** One run of the lab, for everyone with the link; the page loads its report itself, because it is long. */
export default async function Run({ params }: Props) {
  const { id } = await params
  const run = await found(id)
  if (!run) notFound()
  return <RunPage key={id} id={id} initial={run} />
}
