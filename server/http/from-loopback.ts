import type { FastifyRequest } from 'fastify'
import { isLoopback } from '#server/loopback.ts'

const relaying = /^(x-forwarded-.*|forwarded|x-real-ip|via)$/

/** Whether a request comes from this machine, and not through a proxy that speaks for others. */
export function isFromLoopback({ headers, socket }: Pick<FastifyRequest, 'headers' | 'socket'>): boolean {
  return !Object.keys(headers).some((name) => relaying.test(name)) && isLoopback(socket.remoteAddress ?? '')
}
