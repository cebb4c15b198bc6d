import type { LaneDoors, LaneSignIn } from '#server/protocol/lab-runs.ts'

/**
 * Signs in at one door of a run, as whom the app tells the browser that started it; the cookie is of the host, and so
 * opens the others too. Why not, in a sentence, when it is refused. Never rejects.
 */
export async function signInAt(
  origin: string,
  stream: LaneDoors['stream'],
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const told = await fetch(`/api/lab/runs/${stream.slice('lab:'.length)}/sign-in`, { signal })
    if (told.status === 403) return 'Only the browser that started this run can take part in it.'
    if (!told.ok) return 'This run isn’t accepting clients.'
    const person = (await told.json()) as LaneSignIn
    const answer = await fetch(`${origin}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(person),
      credentials: 'include',
      signal,
    })
    return answer.ok ? undefined : `This page couldn’t join the run: status ${answer.status}.`
  } catch {
    // Refused by the browser or not there: a page is not told which.
    return 'This page can’t connect to the run’s servers.'
  }
}
