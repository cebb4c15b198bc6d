'use client'

import Link from 'next/link'
import type { ComponentProps, MouseEvent } from 'react'
import { classes } from './classes.ts'
import { PendingDashes } from './skeleton.tsx'

type ButtonProps = ComponentProps<'button'> & {
  look?: ButtonLook
  small?: boolean
  /** Shows moving dashes and ignores clicks, but keeps the focus, which `disabled` would lose. */
  pending?: boolean
}

/** A button; `type` defaults to `button`, so that none submits a form by accident. */
export function Button({
  look = 'default',
  small = false,
  pending = false,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  const press = (event: MouseEvent<HTMLButtonElement>) =>
    pending ? event.preventDefault() : onClick?.(event)
  return (
    <button
      type="button"
      {...rest}
      aria-busy={pending || undefined}
      aria-disabled={pending || undefined}
      onClick={press}
      className={buttonClasses(look, small, className)}
    >
      {pending && <PendingDashes />}
      {children}
    </button>
  )
}

type ButtonLinkProps = ComponentProps<typeof Link> & { look?: ButtonLook; small?: boolean }

/** A link that looks like a button, for navigation only. */
export function ButtonLink({ look = 'default', small = false, className, ...rest }: ButtonLinkProps) {
  return <Link {...rest} className={buttonClasses(look, small, className)} />
}

/** `primary` is a view's single main action. */
type ButtonLook = 'primary' | 'default' | 'quiet' | 'danger'

const looks = {
  primary: 'border-ink bg-ink text-on-ink font-semibold hover:bg-ink-2 hover:border-ink-2',
  default: 'border-field text-ink hover:bg-hover',
  quiet: 'border-transparent text-ink-2 hover:bg-hover hover:text-ink',
  danger: 'border-danger text-danger hover:bg-danger-wash',
} as const satisfies Record<ButtonLook, string>

const disabled =
  'disabled:border-line disabled:bg-sunken disabled:text-ink-3 disabled:font-normal disabled:cursor-not-allowed'

/** The classes of a button, shared with links that look like one. */
export function buttonClasses(look: ButtonLook, small: boolean, className?: string): string {
  return classes(
    'inline-flex items-center justify-center gap-2 rounded border text-ui whitespace-nowrap select-none',
    'transition-colors duration-(--dur-state)',
    small ? 'h-7 px-2.5 max-md:h-9' : 'h-(--control) px-3.5 max-md:text-body',
    looks[look],
    disabled,
    className,
  )
}
