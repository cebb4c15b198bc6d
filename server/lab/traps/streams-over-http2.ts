import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { connect } from 'node:http2'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { startBalancer } from '#server/cluster/balancer.ts'
import { keptCertificate } from '#server/cluster/certificate.ts'
import { freePort } from '#server/database/ports.ts'
import { haproxyPath } from '#server/engines/haproxy.ts'
import { openRunFolder } from '#server/engines/run-folder.ts'
import type { TrapArm } from '#server/protocol/lab-report.ts'
import { serve } from './trap.ts'

const streams = 6
const waitsMs = 1_500

/**
 * As many event streams and one more request, over one HTTP/2 connection through HAProxy; undefined without HAProxy or
 * openssl. Run by a program, because a browser would first have to trust the certificate.
 */
export async function streamsOverHttp2(
  listener: RequestListener,
  signal: AbortSignal,
): Promise<TrapArm | undefined> {
  if (!haproxyPath) return undefined
  await using opened = new AsyncDisposableStack()
  const folder = await openRunFolder('trap')
  opened.defer(folder.remove)
  const certificate = await keptCertificate(folder.path)
  if (!certificate) return undefined
  const served = opened.use(await serve(listener))
  const port = await freePort()
  const balancer = await startBalancer({
    ...{ host: '127.0.0.1', port, baseUrl: `https://localhost:${port}`, pemFile: certificate.pemFile },
    servers: { gateways: new Map(), webs: new Map([['web-1', served.port]]) },
  })
  opened.defer(balancer.destroy)
  const session = connect(`https://localhost:${port}`, { ca: await readFile(certificate.certFile) })
  opened.defer(() => session.destroy())
  session.on('error', () => undefined)

  const open = Array.from({ length: streams }, async (_, n) => {
    const stream = session.request({ ':path': `/stream?h2=${n}` }).on('error', () => undefined)
    await once(stream.resume(), 'response', { signal })
  })
  await Promise.all(open)
  const askedAt = performance.now()
  const answer = text(session.request({ ':path': '/ask?h2' })).then(() => performance.now() - askedAt)
  answer.catch(() => undefined)
  const tookMs = await Promise.race([answer, pause(waitsMs, undefined, { signal })])
  return {
    title: `${streams} tabs, one stream each, over HTTP/2`,
    fell: tookMs === undefined,
    seen: [
      `Node’s HTTP/2 client opened ${streams} event streams on one connection to HAProxy.`,
      tookMs === undefined
        ? `The next request got no response within ${waitsMs / 1_000} s.`
        : `The next request got its response after ${Math.round(tookMs)} ms.`,
    ],
  }
}
