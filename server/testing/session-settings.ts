/**
 * Shared by all apps in tests, so that a test can insert a session instead of signing in, and every node accepts it.
 */
export const sessionSettings = {
  AUTH_SECRET: 'a secret that only tests know, and long enough',
  COOKIE_PREFIX: 'wireside',
}
