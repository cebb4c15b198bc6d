import Link from 'next/link'
import { type Sent, unansweredWords } from '#components/live/send-json.ts'
import { Notice } from '#components/ui/notice.tsx'
import { type Problem, slugOf } from '#server/protocol/problems.ts'

export type Unsent = Exclude<Sent<unknown>, { state: 'done' }>

type SendTroubleProps = { trouble: Unsent; children?: React.ReactNode }

/** Why a request was not carried out, or is not known to be, and what is safe to do next. */
export function SendTrouble({ trouble, children }: SendTroubleProps) {
  if (trouble.state === 'unanswered') {
    return (
      <Notice danger>
        <strong className="font-semibold">Not confirmed.</strong> {unansweredWords(trouble)} It may have gone
        through. What you wrote is kept, and it’s safe to send again: it won’t be done twice.
        <RequestId problem={trouble.problem} />
      </Notice>
    )
  }
  const { title, detail } = trouble.problem
  return (
    <Notice danger action={children}>
      {explained(trouble.problem) ?? detail ?? title}
      <RequestId problem={trouble.problem} />
    </Notice>
  )
}

function RequestId({ problem }: { problem: Problem | undefined }) {
  if (!problem?.requestId) return null
  return <span className="type-data block text-ink-3">request {problem.requestId}</span>
}

function explained(problem: Problem): React.ReactNode {
  switch (slugOf(problem)) {
    case 'unauthenticated':
      return 'Your session has ended. What you wrote is kept. Sign in, then send it again.'
    case 'idempotency-key-reused':
      return (
        <>
          Your first attempt went through, as you wrote it then.{' '}
          <Link href="/loans" className="link">
            See your loans
          </Link>
          . Sending again creates a second one.
        </>
      )
    case 'idempotency-in-progress':
      return 'The first attempt is still being processed. Try again in a moment.'
    default:
      return undefined
  }
}
