import Link from 'next/link'
import { PulseBoard } from '#components/pulse/pulse-board.tsx'
import { Timetable } from '#components/shell/timetable.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { viewer } from './viewer.ts'

/** Home: what this is, the deliveries at work in this browser, and where to go. */
export default function Home() {
  return (
    <div className="page-x pb-10">
      <header className="grid gap-x-8 gap-y-5 pt-5 pb-8 md:pt-9.5 md:pb-5 xl:grid-cols-[minmax(0,1fr)_minmax(0,600px)]">
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
            <Link href="/guide" className="link max-md:text-body">
              Find the right pattern
            </Link>
          </div>
        </div>
      </header>
      <PulseBoard signedIn={signedIn()} />
      <div className="mt-6 md:mt-0">
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
