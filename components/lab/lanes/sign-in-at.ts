import type { LaneDoors, LaneSignIn } from '#server/protocol/lab-runs.ts'

/**
 * Signs in at one port of a run with the credentials that the app gave the browser that started it; the cookie belongs
 * to the host, so it opens the other ports too. Returns the reason, in a sentence, when refused. Never rejects.
 */
export async function signInAt(
  origin: string,
  stream: LaneDoors['stream'],
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const response = await fetch(`/api/lab/runs/${stream.slice('lab:'.length)}/sign-in`, { signal })
    if (response.status === 403) return 'Only the browser that started this run can take part in it.'
    if (!response.ok) return 'This run isn’t accepting clients.'
    const person = (await response.json()) as LaneSignIn
    const answer = await fetch(`${origin}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(person),
      credentials: 'include',
      signal,
    })
    return answer.ok ? undefined : `This page couldn’t join the run: status ${answer.status}.`
  } catch {
    // Blocked by the browser or unreachable: a page cannot tell which.
    return 'This page can’t connect to the run’s servers.'
  }
}
