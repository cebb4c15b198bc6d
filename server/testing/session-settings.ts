/** Of all apps of a test, so that it may write a session instead of signing in, and its nodes know each other's. */
export const sessionSettings = {
  AUTH_SECRET: 'a secret that only tests know, and long enough',
  COOKIE_PREFIX: 'wireside',
}
