'use client'
import type { ComponentProps, MouseEvent } from 'react'
import { type ButtonLook, buttonClasses } from './button-look.ts'
import { PendingDashes } from './pending-dashes.tsx'

type ButtonProps = ComponentProps<'button'> & {
  look?: ButtonLook
  small?: boolean
  /** Shows moving dashes and takes no press, but keeps the focus, which `disabled` would lose. */
  pending?: boolean
}

/** A button; `type` is `button` unless told, so that none submits a form by accident. */
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
