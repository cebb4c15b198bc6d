'use client'
import { useSyncExternalStore } from 'react'
import { heldNavigation, watchHeldNavigation } from './held-navigation.ts'

/** The page that was asked for cannot be had now: what is open stays, and the other opens by itself. */
export function HeldBanner() {
  const path = useSyncExternalStore(watchHeldNavigation, heldNavigation, () => undefined)
  return (
    // No `div`: at the top of the body React would take one that an extension has put there for ours.
    <section role="status" className={path === undefined ? 'sr-only' : undefined}>
      {path !== undefined && (
        <p className="page-x border-b-2 border-danger bg-danger-wash py-2.5 text-ui">
          <strong className="font-semibold text-danger">The server can’t be reached.</strong> This page stays
          open. <span className="type-data">{path}</span> opens as soon as the server responds.
        </p>
      )}
    </section>
  )
}
