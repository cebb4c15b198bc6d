import Link from 'next/link'
import type { ComponentProps } from 'react'
import { type ButtonLook, buttonClasses } from './button-look.ts'

type ButtonLinkProps = ComponentProps<typeof Link> & { look?: ButtonLook; small?: boolean }

/** A link that looks like a button: it goes somewhere, it does nothing. */
export function ButtonLink({ look = 'default', small = false, className, ...rest }: ButtonLinkProps) {
  return <Link {...rest} className={buttonClasses(look, small, className)} />
}
