import { NotFoundInList } from '#components/shell/not-found-block.tsx'

/** For a link to a run that was deleted, or never existed on this machine. */
export function NoSuchRun() {
  return (
    <NotFoundInList
      title="This run isn’t on this machine"
      list={{ href: '/lab/runs', name: 'Runs', link: 'All runs' }}
    >
      It was deleted, or it was run on another machine: runs are stored where they were measured.
    </NotFoundInList>
  )
}
