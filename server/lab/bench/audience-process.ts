/** Listeners in a process of their own, as it is told over the channel. */
import { type Audience, gatherAudience } from './audience.ts'
import type { AudienceNews, AudienceOrder } from './audiences.ts'

let audience: Audience | undefined

const tell = (news: AudienceNews) => void (process.connected && process.send?.(news))

async function obey(order: AudienceOrder): Promise<void> {
  if (order.type === 'gather') {
    const { path, headers, first, ...rest } = order
    audience = await gatherAudience({
      ...rest,
      request: (nth, cursor) => requestOf(path, headers[(first + nth) % headers.length], cursor),
    })
    tell({ type: 'gathered', connectMs: audience.connectMs })
  } else if (!audience) throw new Error('Nobody has been gathered yet')
  else if (order.type === 'heard') {
    tell({ type: 'heard', seq: order.seq, arrival: await audience.heard(order.seq) })
  } else {
    const { faults, comebacks, refused } = audience
    tell({ type: 'figures', figures: { ...faults, comebacks: [...comebacks], refused: refused() } })
  }
}

function requestOf(path: string, headers = '', cursor?: string): string {
  const after = cursor === undefined ? '' : `last-event-id: ${cursor}\r\n`
  return `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: text/event-stream\r\n${headers}${after}\r\n`
}

process.on('message', (order: AudienceOrder) => {
  obey(order).catch((error: Error) => tell({ type: 'failed', message: error.message }))
})
process.on('disconnect', () => process.exit())
console.log('ready')
