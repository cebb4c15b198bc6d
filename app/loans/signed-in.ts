import { redirect } from 'next/navigation'
import type { Viewer } from '#server/protocol/people.ts'
import { viewer } from '../viewer.ts'

/** The signed-in reader; a visitor is redirected to sign in, and from there back to `path`. */
export async function signedIn(path: string): Promise<Viewer> {
  return (await viewer()) ?? redirect(`/sign-in?next=${encodeURIComponent(path)}`)
}
