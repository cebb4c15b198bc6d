import type { Borrower } from './borrowers.ts'

/** Makes a room with all these people in it, over HTTP; its id. */
export async function openRoom(port: number, [owner, ...others]: Borrower[]): Promise<string> {
  const ask = (method: string, path: string, cookie: string, body?: object) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { cookie, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
  const made = await ask('POST', '/api/rooms', owner?.cookie ?? '', { name: 'Bench', visibility: 'public' })
  const { id } = (await made.json()) as { id: string }
  for (const { cookie } of others) {
    const joined = await ask('PUT', `/api/rooms/${id}/membership`, cookie)
    if (!joined.ok) throw new Error(`Could not join: ${joined.status}`)
    await joined.body?.cancel()
  }
  return id
}
