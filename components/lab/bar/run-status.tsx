import Link from 'next/link'
import { runTitle } from '#components/lab/runs/run-words.ts'
import type { FollowedRun } from '#components/lab/runs/use-run.ts'
import { Notice } from '#components/ui/notice.tsx'
import { PendingDashes } from '#components/ui/skeleton.tsx'
import type { ListedRun } from '#server/protocol/lab-runs.ts'

type Props = {
  followed: FollowedRun
  /** A drill, a trap or a story is running: it has no lanes to show. */
  other: ListedRun | undefined
  /** Why the last action was refused. */
  refusal: string | undefined
  /** Why the list of runs could not be loaded. */
  trouble: string | undefined
  /** Why the lanes refused this page. */
  shut: string | undefined
  mayRun: boolean | undefined
}

/** A run's state beyond its figures: what it is doing, how it ended, or why nothing runs. */
export function RunStatus({ followed, other, refusal, trouble, shut, mayRun }: Props) {
  const message = followed.trouble ?? trouble
  return (
    <div className="space-y-3 pb-4 empty:pb-0">
      {message && (
        <Notice danger>
          <strong className="font-semibold">The lab isn’t responding.</strong> {message}
        </Notice>
      )}
      {refusal && <Notice danger>{refusal}</Notice>}
      {shut && <Notice>{shut} The other clients are still measured.</Notice>}
      {other && (
        <Notice>
          Another run is in progress: <RunLink run={other} />. Only one can run at a time, so that runs don’t
          affect each other.
        </Notice>
      )}
      {mayRun === false && (
        <Notice>
          Runs use the whole machine, so you can only start them in demo mode, on this machine, when one
          process has all roles. You can still read <RunsLink />.
        </Notice>
      )}
      <StateLine followed={followed} />
    </div>
  )
}

function StateLine({ followed: { run, state, detail } }: { followed: FollowedRun }) {
  if (!run) return null
  switch (state) {
    case 'preparing':
    case 'finishing':
      return (
        <p role="status" className="flex items-center gap-3 text-ui text-ink-2">
          <PendingDashes />
          {detail ?? (state === 'preparing' ? 'Preparing the run' : 'Finishing the run')}
        </p>
      )
    case 'failed':
      return (
        <Notice danger>
          <strong className="font-semibold">The run failed.</strong>{' '}
          {run.failure ?? detail ?? 'No reason was given.'}
        </Notice>
      )
    case 'done':
    case 'stopped':
      return (
        <p role="status" className="text-ui text-ink-2">
          {state === 'done' ? 'Done.' : 'Stopped early. Measurements up to that point are kept.'}{' '}
          <Link href={`/lab/runs/${run.id}`} className="link">
            The report of run {run.number}
          </Link>{' '}
          can be named, shared, printed and exported.
        </p>
      )
    default:
      return null
  }
}

function RunLink({ run }: { run: ListedRun }) {
  return (
    <Link href={`/lab/runs/${run.id}`} className="link">
      {runTitle(run)}
    </Link>
  )
}

function RunsLink() {
  return (
    <Link href="/lab/runs" className="link">
      stored runs
    </Link>
  )
}
