import { openLink } from '#server/lab/network/open-link.ts'
import { median } from '#server/protocol/median.ts'

const asks = 60
const warmUp = 20

/** The median of a small request to a gateway, directly and through a clean link, measured alternately, in ms. */
export async function costOfALink(port: number): Promise<{ directMs: number; proxiedMs: number }> {
  const line = await openLink(port, { kind: 'clean' })
  const times = { direct: [] as number[], proxied: [] as number[] }
  try {
    for (let nth = 0; nth < warmUp + asks; nth += 1) {
      const direct = await timeOf(port)
      const proxied = await timeOf(line.port)
      if (nth < warmUp) continue
      times.direct.push(direct)
      times.proxied.push(proxied)
    }
  } finally {
    await line.close()
  }
  return { directMs: median(times.direct) ?? Number.NaN, proxiedMs: median(times.proxied) ?? Number.NaN }
}

async function timeOf(port: number): Promise<number> {
  const from = performance.now()
  await (await fetch(`http://127.0.0.1:${port}/healthz`)).arrayBuffer()
  return performance.now() - from
}
