'use client'

import Link from 'next/link'
import { type ComponentProps, useState } from 'react'

/**
 * A link among many, such as a row of a list: its page is prefetched when a pointer or the focus is on it, and not
 * because it is in sight, as every link in sight costs two requests.
 */
export function HoverLink(props: ComponentProps<typeof Link>) {
  const [near, setNear] = useState(false)
  const approach = () => setNear(true)
  return <Link {...props} prefetch={near ? null : false} onPointerEnter={approach} onFocus={approach} />
}
