'use client'
import './fonts/fonts.css'
import './globals.css'
import { Mark } from '#components/lane/mark.tsx'
import { PageTrouble } from '#components/shell/page-trouble.tsx'

/** Shown when the layout itself fails: self-contained, with nothing that could fail again. */
export default function GlobalError() {
  return (
    <html lang="en">
      <body>
        <header className="page-x flex h-(--bar) items-center border-b border-line">
          <a href="/" aria-label="Wireside, home">
            <Mark />
          </a>
        </header>
        <main>
          <PageTrouble onRetry={() => window.location.reload()} />
        </main>
      </body>
    </html>
  )
}
