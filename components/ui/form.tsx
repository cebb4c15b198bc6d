import type { ComponentProps } from 'react'

/**
 * A form that the page sends itself.
 *
 * Enter before the page is alive is the browser's: it would put the fields, a password among them, into the address.
 * A form of the method `dialog` that stands in none sends nothing, and what was written stays.
 */
export function Form(props: ComponentProps<'form'>) {
  return <form {...props} method="dialog" />
}
