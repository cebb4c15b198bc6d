'use client'
import { useSyncExternalStore } from 'react'
import { heldNavigation, watchHeldNavigation } from './held-navigation.ts'

/** Shown when the requested page cannot be loaded now: the open page stays, and the other opens automatically. */
export function HeldBanner() {
  const path = useSyncExternalStore(watchHeldNavigation, heldNavigation, () => undefined)
  return (
    // Not a `div`: at the top of the body React would mistake one that an extension has inserted for ours.
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
