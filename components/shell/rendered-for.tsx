'use client'
import { useLayoutEffect } from 'react'
import { pageViewer } from '#components/live/page-viewer.ts'
import type { PageViewer } from '#components/live/viewer-watch.ts'

/**
 * Declares whom the surrounding part of the page was rendered for, before it makes any request. A part rendered for
 * another user, such as one loaded by a link after somebody else has signed in, stops the page.
 */
export function RenderedFor({ viewer }: { viewer: PageViewer | null }) {
  const { id, name } = viewer ?? {}
  useLayoutEffect(() => {
    pageViewer.renderedFor(id === undefined || name === undefined ? null : { id, name })
  }, [id, name])
  return null
}
