'use client'

import { Activity, type ReactNode, useEffect, useLayoutEffect, useSyncExternalStore } from 'react'
import { Mark } from '#components/lane/mark.tsx'
import { browserStorage, tabStorage } from '#components/live/browser-features.ts'
import { pageViewer } from '#components/live/page-viewer.ts'
import { firstViewerView, type SignedIn, type ViewerView } from '#components/live/viewer-watch.ts'
import { Button, ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { StateBlock } from '#components/ui/state-block.tsx'

/** Whom the page was rendered for, and who is signed in now. */
function useViewerView(): ViewerView {
  return useSyncExternalStore(pageViewer.watch, pageViewer.view, () => firstViewerView)
}

/**
 * Stops the page when somebody else signs in to this browser: it is hidden, and its effects end with all connections,
 * polls and timers. What was written in it stays, for when its user signs in again.
 */
export function ViewerGate({ children }: { children: ReactNode }) {
  const { page, signedIn } = useViewerView()
  useEffect(() => pageViewer.start(), [])
  const stopped = signedIn.type === 'other' && page
  // A hidden modal dialog would still capture every click.
  useLayoutEffect(() => {
    if (stopped) for (const dialog of document.querySelectorAll('dialog')) dialog.close()
  }, [stopped])
  return (
    <>
      {signedIn.type === 'other' && !page && <NowSignedIn {...signedIn} />}
      <Activity mode={stopped ? 'hidden' : 'visible'}>{children}</Activity>
      {stopped && <Stopped page={stopped} name={signedIn.name} />}
    </>
  )
}

type Other = Omit<Extract<SignedIn, { type: 'other' }>, 'type'>

/** On a visitor's page nothing has to stop. */
function NowSignedIn({ name }: Other) {
  return (
    <Notice
      className="page-x"
      action={
        <Button small onClick={reload}>
          Reload
        </Button>
      }
    >
      {titleFor(name)}. Reload to continue.
    </Notice>
  )
}

function Stopped({ page, name }: Other & { page: { name: string } }) {
  const isKept = tabStorage.lasts() && browserStorage.lasts()
  return (
    <>
      <header className="page-x flex h-(--bar) items-center gap-2.5 border-b border-line type-section">
        <Mark /> Wireside
      </header>
      <main className="page-x flex-1 pt-12 pb-16">
        <div role="alert">
          <StateBlock
            level={1}
            title={titleFor(name)}
            actions={
              <Button look="primary" onClick={reload}>
                Reload
              </Button>
            }
          >
            <p>
              This page was opened by <bdi>{page.name}</bdi> and has stopped. Reload to continue.
            </p>
            <p className="mt-2">
              {isKept ? (
                <>
                  Chat drafts and an unsent loan application are kept in this browser for{' '}
                  <bdi>{page.name}</bdi>. Anything else typed here is lost when you reload.
                </>
              ) : (
                'This browser isn’t storing drafts. Anything typed here is lost when you reload.'
              )}
            </p>
          </StateBlock>
        </div>
      </main>
    </>
  )
}

function titleFor(name: string | undefined): string {
  return name === undefined
    ? 'Someone else is now signed in in this browser'
    : `You’re now signed in as ${name} in this browser`
}

function reload() {
  window.location.reload()
}

/**
 * For a page without a connection that would report it: its user has signed out in another tab. Disappears when they
 * are back.
 */
export function SignedOutNotice({ back, children }: { back: string; children?: string }) {
  const { page, signedIn } = useViewerView()
  if (!page || signedIn.type !== 'nobody') return null
  return (
    <Notice
      action={
        <ButtonLink small href={`/sign-in?next=${encodeURIComponent(back)}`}>
          Sign in
        </ButtonLink>
      }
    >
      <strong className="font-semibold">You’re signed out in this browser.</strong> {children}
    </Notice>
  )
}
