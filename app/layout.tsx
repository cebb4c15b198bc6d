import './fonts/fonts.css'
import './globals.css'
import type { Metadata, Viewport } from 'next'
import { cookies } from 'next/headers'
import { type ComponentProps, type ReactNode, Suspense } from 'react'
import { BannerSlot } from '#components/shell/banner-slot.tsx'
import { HeldBanner } from '#components/shell/held-banner.tsx'
import { RenderedFor } from '#components/shell/rendered-for.tsx'
import { TabBar } from '#components/shell/tab-bar.tsx'
import { readTheme } from '#components/shell/theme.ts'
import { TopBar } from '#components/shell/top-bar.tsx'
import { ViewerGate } from '#components/shell/viewer-gate.tsx'
import { Toasts } from '#components/ui/toast.tsx'
import { RecordedLine } from '#components/wire/sockets/recorded-line.tsx'
import { notificationsFor, themeCookie } from '#server/pages.ts'
import { preloadFonts } from './fonts/preload.ts'
import { viewer } from './viewer.ts'

export const metadata: Metadata = {
  title: { default: 'Wireside', template: '%s · Wireside' },
  description:
    'One event log, delivered four ways: short polling, long polling, Server-Sent Events and WebSocket, each in a real app.',
  icons: { icon: '/favicon.svg' },
}

export const viewport: Viewport = {
  viewportFit: 'cover',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f8faf8' },
    { media: '(prefers-color-scheme: dark)', color: '#0f1210' },
  ],
}

/**
 * Every page: the bar, the page in `main`, the phone's tabs, toasts. Dynamic, because the CSP's nonce is per request.
 */
export default async function RootLayout({ children }: { children: ReactNode }) {
  preloadFonts()
  const theme = readTheme((await cookies()).get(themeCookie())?.value)
  return (
    // Browser extensions alter both before hydration, which is no fault of the page.
    <html lang="en" data-theme={theme === 'system' ? undefined : theme} suppressHydrationWarning>
      <body data-theme-cookie={themeCookie()} suppressHydrationWarning>
        <a
          href="#main"
          className="absolute top-2 left-2 z-50 -translate-y-16 bg-ink px-3 py-1.5 text-ui text-on-ink focus:translate-y-0"
        >
          Skip to main content
        </a>
        <ViewerGate>
          <RecordedLine>
            <HeldBanner />
            <BannerSlot />
            <Suspense fallback={<TopBar viewer="unknown" />}>
              <KnownBar />
            </Suspense>
            <main id="main" tabIndex={-1} className="flex flex-1 flex-col pb-(--tabs) outline-none">
              {children}
            </main>
            <TabBar />
            <Toasts />
          </RecordedLine>
        </ViewerGate>
      </body>
    </html>
  )
}

/** The bar. Pages that do not need the viewer do not wait for it, because the database may be slow or unavailable. */
async function KnownBar() {
  const bar = await barOf()
  return (
    <>
      {bar.viewer !== 'unknown' && <RenderedFor viewer={bar.viewer} />}
      <TopBar {...bar} />
    </>
  )
}

async function barOf(): Promise<ComponentProps<typeof TopBar>> {
  try {
    const reader = await viewer()
    return reader ? { viewer: reader, notifications: await notificationsFor(reader) } : { viewer: null }
  } catch {
    // The database is unavailable. The page below reports it where it matters; the bar must still render.
    return { viewer: 'unknown' }
  }
}
