import type { FastifyRequest } from 'fastify'

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])
const relaying = /^(x-forwarded-.*|forwarded|x-real-ip|via)$/

/** Whether a request comes from this machine, and not through a proxy that speaks for others. */
export function isFromLoopback({ headers, socket }: Pick<FastifyRequest, 'headers' | 'socket'>): boolean {
  return !Object.keys(headers).some((name) => relaying.test(name)) && loopback.has(socket.remoteAddress ?? '')
}
