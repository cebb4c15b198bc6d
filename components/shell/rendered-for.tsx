'use client'
import { useLayoutEffect } from 'react'
import { pageViewer } from '#components/live/page-viewer.ts'
import type { PageViewer } from '#components/live/viewer-watch.ts'

/**
 * Says whom the part of the page beside it was made for, before anything of it asks the server. A part that comes for
 * another user, as by a link after somebody else has signed in, stops the page.
 */
export function RenderedFor({ viewer }: { viewer: PageViewer | null }) {
  const { id, name } = viewer ?? {}
  useLayoutEffect(() => {
    pageViewer.renderedFor(id === undefined || name === undefined ? null : { id, name })
  }, [id, name])
  return null
}
