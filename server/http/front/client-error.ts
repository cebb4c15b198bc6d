import type { Duplex } from 'node:stream'
import { Refusal } from '#server/http/problem.ts'
import { afterResponses } from './paced-pipeline.ts'
import { isStreaming, writeRefusal } from './raw-refusal.ts'
import { headersTooLarge, refusalPage, refusalProblem } from './refusal-page.ts'

const apiPaths = /^\/(api|socket\.io|healthz|readyz|metrics)(?=[/?]|$)/

export function isForApi(url = ''): boolean {
  return apiPaths.test(url)
}

type ClientError = { code?: string | undefined; rawPacket?: unknown }

/** Refuses bytes that are not HTTP, too many, or too late: with a page for a page request, otherwise with a problem. */
export function refuseClientError({ code = '', rawPacket }: ClientError, socket: Duplex): void {
  if (code === 'ECONNRESET' || isStreaming(socket)) return void socket.destroy()
  const refusal =
    code === 'HPE_HEADER_OVERFLOW'
      ? headersTooLarge()
      : new Refusal('bad-request', undefined, { status: statuses[code] ?? 400 })
  // The start of the packet, which may be that of the request.
  const first = Buffer.isBuffer(rawPacket) ? rawPacket.toString('latin1', 0, 200) : ''
  const path = /^(?:GET|HEAD) (\/\S*)/.exec(first)?.[1]
  const isPage = path !== undefined && !isForApi(path)
  const sent = isPage ? refusalPage(refusal) : refusalProblem(refusal, '')
  afterResponses(socket, () => writeRefusal(socket, refusal, sent))
}

const statuses: Record<string, number> = { ERR_HTTP_REQUEST_TIMEOUT: 408 }
