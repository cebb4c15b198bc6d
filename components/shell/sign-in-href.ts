/** The sign-in page, which leads back to `path`. */
export function signInHref(path: string): string {
  return path === '/' || path === '/sign-in' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(path)}`
}
