import { redirect } from 'next/navigation'
import type { Viewer } from '#server/protocol/people.ts'
import { viewer } from '../viewer.ts'

/** The reader, who is first sent to sign in if need be and then led back to `path`. */
export async function signedIn(path: string): Promise<Viewer> {
  return (await viewer()) ?? redirect(`/sign-in?next=${encodeURIComponent(path)}`)
}
