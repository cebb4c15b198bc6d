import { maxHeaderSize } from 'node:http'
import { problemOf, Refusal } from '#server/http/problem.ts'
import { apiSecurity } from './security-headers.ts'

/** A refusal as it is sent: the headers that describe the body, and the body. */
export type RefusalDocument = { fields: Record<string, string>; body: string }

/** The problem document of a refusal ahead of any route: of a request, or of bytes that are not one. */
export function refusalProblem(
  refusal: Refusal,
  baseUrl: string,
  request?: { path: string; id: string },
): RefusalDocument {
  const { instance, requestId, ...problem } = problemOf(
    refusal,
    baseUrl,
    request?.path ?? '',
    request?.id ?? '',
  )
  const body = JSON.stringify({ ...problem, ...(request && { instance, requestId }) })
  return documentOf('application/problem+json; charset=utf-8', body, {
    ...apiSecurity,
    ...(request && { 'x-request-id': request.id }),
  })
}

/** The same for a person: what a browser shows instead of a page. */
export function refusalPage(refusal: Refusal): RefusalDocument {
  const headline = headlines[refusal.status] ?? 'This address cannot be opened'
  const { detail = '' } = refusal.extra
  const body = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${headline} · Wireside</title><style>${style}</style>
<h1>${headline}</h1><p>${detail}${detail.endsWith('.') ? '' : '.'}</p><p><small>HTTP ${refusal.status}</small></p></html>\n`
  return documentOf('text/html; charset=utf-8', body, { ...apiSecurity, 'content-security-policy': policy })
}

/** The parser's refusal of headers above its limit (16 KB), with advice for the user. */
export function headersTooLarge(): Refusal {
  return new Refusal(
    'bad-request',
    `The headers of this request are larger than ${maxHeaderSize / 1024} KB, most likely for cookies: on localhost, apps on all ports share theirs. Delete the cookies of this site in the browser’s settings, or open it in a private window.`,
    { status: 431 },
  )
}

const headlines: Record<number, string> = {
  405: 'This page can only be read',
  408: 'The request took too long',
  431: 'Your browser sends too many cookies',
}

const style =
  'html{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{max-width:36rem;margin:15vh auto;padding:0 1.5rem}h1{font-size:1.5rem;line-height:1.25}'
const policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

function documentOf(type: string, body: string, security: Record<string, string>): RefusalDocument {
  const fields = {
    'content-type': type,
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    connection: 'close',
    ...security,
  }
  return { fields, body }
}
