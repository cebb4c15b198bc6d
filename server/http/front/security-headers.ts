import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

const common = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/** The API serves data: nothing in it may run or be framed. */
export const apiSecurity = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
}

/** The lanes of a run are on ports of this machine that are unknown until it begins. */
const labSources = ['localhost', '127.0.0.1'].map((host) => `http://${host}:* ws://${host}:*`).join(' ')

type PageSecurity = {
  /** Browsers reach it over TLS. */
  secure: boolean
  dev: boolean
  lab: boolean
  /** Reached by a loopback name of this machine. */
  local: boolean
}

/**
 * Sets the headers of a page. With `lab`, it may connect to the lanes of a run. The policy is set on the request too:
 * Next reads the nonce from it for its own scripts, and pages find it as `x-nonce`. Inline styles are allowed because
 * React sets them.
 */
export function securePage(
  request: IncomingMessage,
  response: ServerResponse,
  { secure, dev, lab, local }: PageSecurity,
): void {
  const nonce = randomBytes(16).toString('base64')
  const policy = [
    "default-src 'self'",
    // Hot reload evaluates code; a production build never does.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${dev ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${dev ? ' ws:' : ''}${lab ? ` ${labSources}` : ''}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    ...(secure ? ['upgrade-insecure-requests'] : []),
  ].join('; ')
  request.headers['content-security-policy'] = policy
  request.headers['x-nonce'] = nonce
  response.setHeader('content-security-policy', policy)
  for (const [name, value] of Object.entries(common)) response.setHeader(name, value)
  response.setHeader('permissions-policy', 'camera=(), geolocation=(), microphone=()')
  // On this machine it would apply to every other port of `localhost` as well.
  if (secure && !local) response.setHeader('strict-transport-security', 'max-age=31536000')
}
