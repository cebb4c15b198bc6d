'use client'

import Link from 'next/link'
import { type ComponentProps, useState } from 'react'

/**
 * A link among many, such as a list's row: its page is prefetched when it has the pointer or the focus rather than when
 * it is visible, because each prefetch costs two requests.
 */
export function HoverLink(props: ComponentProps<typeof Link>) {
  const [near, setNear] = useState(false)
  const approach = () => setNear(true)
  return <Link {...props} prefetch={near ? null : false} onPointerEnter={approach} onFocus={approach} />
}
