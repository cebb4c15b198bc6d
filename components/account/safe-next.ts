import { destinations, isAt } from '#components/shell/destinations.ts'
import type { Role } from '#server/protocol/people.ts'

/**
 * Where to go after signing in: `next` if it is a path of this site; undefined if it is not, or missing.
 * `//host`, `/\host` and a scheme would leave the site (an open redirect), and the sign-in page would lead nowhere.
 */
export function safeNext(next: string | undefined): string | undefined {
  if (!next?.startsWith('/')) return undefined
  const here = 'http://here.invalid'
  const url = URL.canParse(next, here) ? new URL(next, here) : undefined
  if (url?.origin !== here || url.pathname.startsWith('/sign-in')) return undefined
  // A path that begins with two slashes would be resolved as a host.
  return `${url.pathname.replace(/^\/{2,}/, '/')}${url.search}${url.hash}`
}

/** The start page of a role, for users who were not on their way to a page. */
export function landingPage(role: Role): string {
  return role === 'officer' ? '/officer' : '/loans'
}

/** Why the page at `next` requires signing in; undefined if nobody was redirected from one. */
export function signInReason(next: string | undefined): string | undefined {
  if (next === undefined || next === '/') return undefined
  const [path = ''] = next.split(/[?#]/)
  const place = destinations.find((one) => isAt(path, one))?.title.toLowerCase()
  if (place) return `Sign in to open ${place}.`
  return `Sign in to open ${path.startsWith('/officer') ? 'the loan desk' : path === '/account' ? 'your account' : 'this page'}.`
}
