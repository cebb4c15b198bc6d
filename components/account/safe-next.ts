import { destinations, isAt } from '#components/shell/destinations.ts'
import type { Role } from '#server/protocol/people.ts'

/**
 * Where to go after signing in: `next` if it is a path of this site; undefined when it is not, or there is none.
 *
 * `//host`, `/\host` and a scheme would leave the site (an open redirect), and back to the sign-in page is no way on.
 */
export function safeNext(next: string | undefined): string | undefined {
  if (!next?.startsWith('/')) return undefined
  const here = 'http://here.invalid'
  const url = URL.canParse(next, here) ? new URL(next, here) : undefined
  if (url?.origin !== here || url.pathname.startsWith('/sign-in')) return undefined
  // A path that begins with two slashes is a host to the next reader.
  return `${url.pathname.replace(/^\/{2,}/, '/')}${url.search}${url.hash}`
}

/** Where somebody of this role begins who was not on the way to a page. */
export function landingPage(role: Role): string {
  return role === 'officer' ? '/officer' : '/loans'
}

/** Why the page at `next` asks for a sign-in; undefined when nobody was sent here from one. */
export function signInReason(next: string | undefined): string | undefined {
  if (next === undefined || next === '/') return undefined
  const [path = ''] = next.split(/[?#]/)
  const place = destinations.find((one) => isAt(path, one))?.title.toLowerCase()
  if (place) return `Sign in to open ${place}.`
  return `Sign in to open ${path.startsWith('/officer') ? 'the loan desk' : path === '/account' ? 'your account' : 'this page'}.`
}
