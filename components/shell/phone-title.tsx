import Link from 'next/link'
import { Icon } from '#components/ui/icon.tsx'

/**
 * The back link and the page's short title, in the top bar on phones instead of the logo.
 * Must be the page's first child, because it is pulled up over the bar.
 */
export function PhoneTitle({ back, backLabel, title }: { back: string; backLabel: string; title: string }) {
  return (
    <div
      data-phone-title
      className="sticky top-0 z-20 -mt-(--bar) flex h-(--bar) w-fit items-center md:hidden"
    >
      <Link href={back} aria-label={backLabel} className="ml-1 grid size-11 place-items-center">
        <Icon name="chevron-left" />
      </Link>
      <span className="max-w-40 truncate font-semibold">{title}</span>
    </div>
  )
}
