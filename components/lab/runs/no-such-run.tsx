import { PhoneTitle } from '#components/shell/phone-title.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { StateBlock } from '#components/ui/state-block.tsx'

/** A link to a run that was deleted, or was never made on this machine. */
export function NoSuchRun() {
  return (
    <>
      <PhoneTitle back="/lab/runs" backLabel="Runs" title="Not found" />
      <div className="page-x pt-12 pb-16">
        <StateBlock
          level={1}
          drawing={<span className="block font-mono text-[64px] leading-none tracking-[-0.04em]">404</span>}
          title="This run isn’t on this machine"
          actions={<ButtonLink href="/lab/runs">All runs</ButtonLink>}
        >
          It was deleted, or it was run on another machine: runs are stored where they were measured.
        </StateBlock>
      </div>
    </>
  )
}
