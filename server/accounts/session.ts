import { createHash } from 'node:crypto'
import type { Role } from '#server/protocol.ts'

/** A signed-in visitor. `viewer` is the digest of user and role that stands in every ETag. */
export type Session = {
  id: string
  userId: string
  name: string
  email: string
  role: Role
  viewer: string
  expiresAtMs: number
}

/** A short digest of user id and role: another user, or the same one promoted, has other validators. */
export function viewerOf(userId: string, role: Role): string {
  return createHash('sha256').update(`${role} ${userId}`).digest('base64url').slice(0, 8)
}

const cookieName = /(?:^|;\s*)(?:__Secure-)?better-auth\.session_token=([^;]+)/

/** The session cookie's value as it was sent, still signed; undefined when there is none. */
export function sessionCookie(header: string | undefined): string | undefined {
  return header === undefined ? undefined : cookieName.exec(header)?.[1]
}
