import Link from 'next/link'
import { PulseBoard } from '#components/pulse/pulse-board.tsx'
import { SendEvent } from '#components/pulse/send-event.tsx'
import { Timetable } from '#components/shell/timetable.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { viewer } from './viewer.ts'

/** Home: what this is, the deliveries at work in this browser, and where to go. */
export default function Home() {
  return (
    <div className="page-x flex flex-col pb-10">
      <header className="grid max-md:-order-1 gap-x-8 gap-y-5 pt-5 pb-6 md:pt-7 md:pb-3 xl:grid-cols-[minmax(0,1fr)_minmax(0,600px)]">
        <h1 className="type-display">
          One event log.
          <br />
          Four ways to deliver it.
        </h1>
        <div className="max-w-[600px] xl:pt-3">
          <p className="text-lead text-ink-2 md:text-body">
            A working app where each real-time pattern does the job it’s best at and shows what it costs.
            Below, all four are running in this browser.
          </p>
          <div className="mt-4 flex items-center gap-5 text-ui">
            <ButtonLink look="primary" href="/loans">
              Follow a loan <Icon name="arrow-right" />
            </ButtonLink>
            <SendEvent className="max-md:hidden" />
            <Link href="/guide" className="link max-md:text-body">
              Find the right pattern
            </Link>
          </div>
        </div>
      </header>
      <PulseBoard signedIn={signedIn()} />
      {/* On a phone the drawing is as high as the window: what one came for stands above it. */}
      <div className="max-md:-order-1 max-md:mb-8">
        <Timetable />
      </div>
    </div>
  )
}

/** Not awaited: the page renders without the viewer. If the viewer cannot be determined, a socket may be tried. */
async function signedIn(): Promise<boolean> {
  try {
    return (await viewer()) !== null
  } catch {
    return true
  }
}
