'use client'
import { laneColor, lanes } from '#components/lane/lane-kind.ts'
import { LaneLine } from '#components/lane/lane-line.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { useModal } from '#components/ui/use-modal.ts'
import { CodeBlock } from './code-block.tsx'
import type { DeliverySource } from './source-view.tsx'

type BesideProps = { deliveries: DeliverySource[]; open: boolean; onClose: () => void }

/** The deliveries side by side over the whole page: the same shape, so that what differs is the pattern. */
export function BesideTheOthers({ deliveries, open, onClose }: BesideProps) {
  const dialog = useModal(open)
  return (
    <dialog
      ref={dialog}
      aria-label="The deliveries side by side"
      onClose={onClose}
      className="m-auto max-h-[calc(100dvh-32px)] w-[min(1376px,calc(100vw-32px))] max-w-none overflow-auto border border-ink bg-raised text-ink backdrop:bg-ink/25 [--surface:var(--raised)]"
    >
      <header className="flex h-12 items-center justify-between border-b border-line-strong pr-2 pl-4">
        <h2 className="type-section">One log, read in {deliveries.length} ways</h2>
        <IconButton label="Close" onClick={onClose}>
          <Icon name="close" />
        </IconButton>
      </header>
      <div className="grid auto-cols-[minmax(420px,1fr)] bg-bg max-md:grid-cols-1 md:grid-flow-col">
        {deliveries.map(({ lane, file }) => (
          <section key={lane} className="min-w-0 border-line not-first:border-l">
            <h3 className="flex h-10 items-center gap-3 border-b border-line px-4 text-ui font-semibold">
              <svg width={36} height={8} className={`block shrink-0 ${laneColor[lane]}`} aria-hidden>
                <LaneLine kind={lane} from={0} to={36} at={4} />
              </svg>
              {lanes[lane].name}
              <span className="type-data ml-auto font-normal text-ink-3">{file.path}</span>
            </h3>
            <CodeBlock file={file} lane={lane} className="border-b-0" />
          </section>
        ))}
      </div>
    </dialog>
  )
}
