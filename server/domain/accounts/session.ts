import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Role } from '#server/protocol/people.ts'

/** A signed-in visitor. `viewer` is the digest of user and role that is part of every ETag. */
export type Session = {
  id: string
  userId: string
  name: string
  email: string
  role: Role
  viewer: string
  expiresAtMs: number
}

/** A short digest of user id and role, so that ETags differ between users, and after a change of role. */
export function viewerOf(userId: string, role: Role): string {
  return createHash('sha256').update(`${role} ${userId}`).digest('base64url').slice(0, 8)
}

/**
 * Reads the session cookie from a `Cookie` header as sent: `name=value`, still signed, surrounding white space removed;
 * undefined when there is none.
 *
 * Verify and cache only what this returns: a header can hold other cookies that look like it (another port of this host
 * can plant them), and a session cached under one of those belongs to whoever planted it.
 */
export function sessionCookieReader(name: string): (header: string | undefined) => string | undefined {
  const start = `${name}=`
  return (header = '') => {
    // Parsed by hand: this runs for every poll, and an array of cookies would cost more than the response.
    for (let at = 0; at < header.length; ) {
      while (header[at] === ' ' || header[at] === '\t') at += 1
      const next = header.indexOf(';', at)
      const end = next < 0 ? header.length : next
      if (end - at > start.length && header.startsWith(start, at)) return header.slice(at, end).trimEnd()
      at = end + 1
    }
    return undefined
  }
}

const signaturePattern = /^[A-Za-z0-9+/]{43}=$/

/**
 * The token in a session cookie (`name=value`, as `sessionCookieReader` returns it), if it was signed with `secret`.
 * The value is `<token>.<HMAC-SHA256 in base64>`, percent-encoded, as better-auth writes it.
 */
export function signedToken(cookie: string, secret: string): string | undefined {
  const value = decoded(cookie.slice(cookie.indexOf('=') + 1).trim())
  const dot = value.lastIndexOf('.')
  const signature = value.slice(dot + 1)
  if (dot < 1 || !signaturePattern.test(signature)) return undefined
  const token = value.slice(0, dot)
  const signed = createHmac('sha256', secret).update(token).digest()
  return timingSafeEqual(signed, Buffer.from(signature, 'base64')) ? token : undefined
}

function decoded(text: string): string {
  const value = text.startsWith('"') ? text.slice(1, -1) : text
  try {
    return decodeURIComponent(value)
  } catch {
    // Not percent-encoded: taken literally.
    return value
  }
}
