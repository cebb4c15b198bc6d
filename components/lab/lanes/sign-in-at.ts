import type { LaneDoors } from '#server/protocol/lab-runs.ts'

/**
 * Signs in at one door of a run; the cookie is of the host, and so opens the others too. Why not, in a sentence, when it
 * is refused. Never rejects.
 */
export async function signInAt(
  origin: string,
  person: LaneDoors['signIn'],
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const answer = await fetch(`${origin}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(person),
      credentials: 'include',
      signal,
    })
    return answer.ok ? undefined : `The lanes of the run did not let this page in: ${answer.status}.`
  } catch {
    // Refused by the browser or not there: a page is not told which.
    return 'This page does not reach the lanes of the run.'
  }
}
