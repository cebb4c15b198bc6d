import type { ServerResponse } from 'node:http'

/**
 * Next answers 500 for a page that could not read, whatever the reason. While Postgres is away that is a 503 with
 * `Retry-After`, as it is on the API.
 */
export function tellAway(response: ServerResponse, isAway: () => boolean): void {
  const writeHead: (...head: unknown[]) => ServerResponse = response.writeHead.bind(response) as never
  response.writeHead = (status: number, ...head: unknown[]) => {
    if (status !== 500 || !isAway()) return writeHead(status, ...head)
    response.setHeader('retry-after', '2')
    return writeHead(503, ...head)
  }
}
