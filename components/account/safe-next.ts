/**
 * Where to go after signing in: `next` if it is a path of this site, else the loans.
 *
 * `//host`, `/\host` and a scheme would leave the site (an open redirect), and back to the sign-in page is no way on.
 */
export function safeNext(next: string | undefined): string {
  const fallback = '/loans'
  if (!next?.startsWith('/')) return fallback
  const here = 'http://here.invalid'
  const url = URL.canParse(next, here) ? new URL(next, here) : undefined
  if (url?.origin !== here || url.pathname.startsWith('/sign-in')) return fallback
  // A path that begins with two slashes is a host to the next reader.
  return `${url.pathname.replace(/^\/{2,}/, '/')}${url.search}${url.hash}`
}
