import { classes } from './classes.ts'

/** `primary` is the one black thing of a view. */
export type ButtonLook = 'primary' | 'default' | 'quiet' | 'danger'

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
