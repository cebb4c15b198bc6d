import type { Metadata } from 'next'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { LaneDrawing } from '#components/lane/lane-drawing.tsx'
import { BellExamples } from '#components/notifications/bell-examples.tsx'
import { NotFoundBlock } from '#components/shell/not-found-block.tsx'
import { OfflineExample } from '#components/shell/offline-example.tsx'
import { Button, ButtonLink } from '#components/ui/button.tsx'
import { SkeletonRows } from '#components/ui/skeleton.tsx'
import { StateBlock } from '#components/ui/state-block.tsx'
import { Time } from '#components/ui/time.tsx'

export const metadata: Metadata = { title: 'States' }

/** Examples of how a page looks when it is empty, loading, or something is wrong. */
export default function States() {
  const nowMs = Date.now()
  return (
    <>
      <OfflineExample sinceMs={nowMs - 14_000} />
      <h1 className="sr-only">Examples of states</h1>
      <div className="grid flex-1 md:grid-cols-2 lg:auto-rows-[minmax(392px,auto)] lg:grid-cols-3">
        <Cell name="Empty">
          <StateBlock
            drawing={<LaneDrawing kind="short" look="beating" />}
            title="No loans yet"
            actions={
              <Link href="/loans" className="link">
                Apply for a loan
              </Link>
            }
          >
            The page is polling. Loans you apply for appear here without a reload.
          </StateBlock>
        </Cell>
        <Cell name="Loading">
          <SkeletonRows label="Loading example" />
        </Cell>
        <Cell name="Error">
          <StateBlock
            drawing={<LaneDrawing kind="short" look="cut" />}
            title="The loan couldn’t be loaded"
            facts={[
              { name: '503', value: 'unavailable' },
              { name: 'retry-after', value: '5 s, next retry in 00:03' },
              { name: 'request', value: 'r-8f21c04e' },
            ]}
            actions={<Button>Retry now</Button>}
          >
            The database can’t be reached. This page retries automatically.
          </StateBlock>
        </Cell>
        <Cell name="Page not found">
          <NotFoundBlock level={2} />
        </Cell>
        <Cell name="Reset: the log moved on">
          <StateBlock
            drawing={<LaneDrawing kind="long" look="reset" />}
            title="You were away longer than the log is kept"
            actions={<Button>Read from 1,840</Button>}
          >
            Entries before <span className="type-data">1,840</span> are no longer kept. The stream restarts
            from there, and some events are missing.
          </StateBlock>
        </Cell>
        <Cell name="Signed out elsewhere">
          <StateBlock
            drawing={<LaneDrawing kind="long" look="ended" />}
            title="Your session has ended"
            actions={
              <ButtonLink look="primary" href="/sign-in?ended">
                Sign in again
              </ButtonLink>
            }
          >
            The server closed the stream at <Time at={nowMs} />: signed out on another device.
          </StateBlock>
        </Cell>
      </div>
      <section aria-label="The bell" className="page-x pt-5 pb-10">
        <p className="type-label mb-8">The bell: live, catching up, offline, fallen back</p>
        <BellExamples nowMs={nowMs} />
      </section>
    </>
  )
}

function Cell({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section
      aria-label={name}
      className="page-x border-b border-line pt-5 pb-10 md:border-r lg:nth-[3n]:border-r-0 md:max-lg:even:border-r-0"
    >
      <p className="type-label mb-8">{name}</p>
      {children}
    </section>
  )
}
