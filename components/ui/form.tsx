import type { ComponentProps } from 'react'

/**
 * A form that the page submits itself.
 * Before hydration the browser handles Enter, and would put the fields, a password among them, into the URL. With the
 * method `dialog`, outside a dialog, it submits nothing, and the input stays.
 */
export function Form(props: ComponentProps<'form'>) {
  return <form {...props} method="dialog" />
}
