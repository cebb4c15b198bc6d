'use client'

import { Fragment, useState } from 'react'
import { type LaneKind, laneColor, laneInk, lanes } from '#components/lane/lane-kind.ts'
import { LaneLine } from '#components/lane/lane-line.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { useModal } from '#components/ui/dialog.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { CodeBlock } from './code-block.tsx'
import type { SourceFile } from './source-file.ts'
import { protocolPath, type Rule } from './source-list.ts'

type DeliverySource = {
  lane: LaneKind
  file: SourceFile
  /** A delivery's further files on the server, and its client in the browser. */
  others: SourceFile[]
  rules: Rule[]
}

/** One delivery file at a time, below it its further files and the browser's client, then the rules. */
export function SourceView({ first, deliveries }: { first: LaneKind; deliveries: DeliverySource[] }) {
  const [lane, setLane] = useState(first)
  const [beside, setBeside] = useState(false)
  const chosen = deliveries.find((delivery) => delivery.lane === lane) ?? deliveries[0]
  if (!chosen) return null
  return (
    <>
      <fieldset
        aria-label="Delivery"
        className="type-data flex h-10 items-center gap-5 overflow-x-auto border-b border-line px-(--wire-x)"
      >
        {deliveries.map(({ lane: own, file }) => (
          <button
            key={own}
            type="button"
            aria-pressed={own === chosen.lane}
            onClick={() => setLane(own)}
            className="h-full whitespace-nowrap text-ink-2 hover:text-ink focus-visible:-outline-offset-2 aria-pressed:font-semibold aria-pressed:text-ink"
          >
            {nameOf(file.path)} <span className="font-normal text-ink-3">{file.lines.length}</span>
          </button>
        ))}
      </fieldset>
      <FileHead file={chosen.file}>
        <button type="button" className="link text-ui text-ink-2" onClick={() => setBeside(true)}>
          compare all
        </button>
      </FileHead>
      <CodeBlock file={chosen.file} lane={chosen.lane} />
      {chosen.others.map((file) => (
        <Fragment key={file.path}>
          <FileHead file={file} />
          <CodeBlock file={file} lane={chosen.lane} />
        </Fragment>
      ))}
      {chosen.rules.length > 0 && (
        <>
          <PathLine
            path={protocolPath}
            className="flex h-9 items-center border-b border-line-strong px-(--wire-x)"
          />
          <dl>
            {chosen.rules.map(({ id, text }) => (
              <div key={id} className="grid grid-cols-[44px_1fr] border-b border-line px-(--wire-x) py-2.5">
                <dt className={`type-data leading-5 ${laneInk[chosen.lane]}`}>{id}</dt>
                <dd className="text-ui text-ink-2 text-pretty">
                  <RuleText text={text} />
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
      <BesideTheOthers deliveries={deliveries} open={beside} onClose={() => setBeside(false)} />
    </>
  )
}

function FileHead({ file, children }: { file: SourceFile; children?: React.ReactNode }) {
  return (
    <div className="flex h-9 items-center gap-2 border-b border-line-strong pr-2 pl-(--wire-x)">
      <PathLine path={file.path} className="mr-auto truncate" />
      {children}
      <CopyButton text={file.text} label={`Copy ${file.path}`} />
    </div>
  )
}

/** A path with the folder muted and the file name in ink. */
function PathLine({ path, className }: { path: string; className?: string }) {
  const name = nameOf(path)
  return (
    <h3 className={`type-data ${className ?? ''}`}>
      <span className="text-ink-3">{path.slice(0, -name.length)}</span>
      {name}
    </h3>
  )
}

/** Renders Markdown's code marks as monospace; rules use no other Markdown. */
function RuleText({ text }: { text: string }) {
  return text.split(/`([^`]+)`/).map((part, n) =>
    n % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a fixed text have no other name
      <code key={n} className="font-mono text-data">
        {part}
      </code>
    ) : (
      part
    ),
  )
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

type BesideProps = { deliveries: DeliverySource[]; open: boolean; onClose: () => void }

/** Deliveries side by side across the whole page: their shape is the same, so the differences stand out. */
function BesideTheOthers({ deliveries, open, onClose }: BesideProps) {
  const dialog = useModal(open)
  return (
    <dialog
      ref={dialog}
      aria-label="Deliveries side by side"
      onClose={onClose}
      className="m-auto max-h-[calc(100dvh-32px)] w-[min(1376px,calc(100vw-32px))] max-w-none overflow-auto border border-ink bg-raised text-ink backdrop:bg-ink/25 [--surface:var(--raised)]"
    >
      <header className="flex h-12 items-center justify-between border-b border-line-strong pr-2 pl-4">
        <h2 className="type-section">One log, delivered {deliveries.length} ways</h2>
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
