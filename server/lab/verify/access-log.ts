import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '#server/database/embedded/launch.ts'
import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import { startNginx } from './start-nginx.ts'

/** An nginx before the lanes, for its access log. */
export type LoggingProxy = {
  ports: Record<DeliveryName, number>
  /** Requests that it has logged so far, one line each, by lane. A stream is logged when it has ended. */
  logged(): Promise<Record<DeliveryName, number>>
  close(): Promise<void>
}

/** Runs nginx with a port, and an access log, for each of the lanes' own ports. */
export async function loggingProxy(targets: Record<DeliveryName, number>): Promise<LoggingProxy> {
  const ports = {
    short: await freePort(),
    long: await freePort(),
    sse: await freePort(),
    socket: await freePort(),
  }
  const server = (lane: DeliveryName, dir: string) => `
      server {
        listen 127.0.0.1:${ports[lane]} backlog=4096;
        access_log ${logOf(dir, lane)} plain;
        location / {
          proxy_pass http://127.0.0.1:${targets[lane]};
          proxy_http_version 1.1;
          proxy_set_header Host $http_host;
          proxy_set_header Upgrade $http_upgrade;
          proxy_set_header Connection $connection_upgrade;
          proxy_read_timeout 120s;
        }
      }`
  const { dir, close } = await startNginx(
    ports.socket,
    (dir) => `
      log_format plain '$request $status';
      keepalive_requests 1000000;
      map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
      ${deliveryNames.map((lane) => server(lane, dir)).join('\n')}`,
  )
  return {
    ports,
    async logged() {
      const counts = deliveryNames.map(async (lane) => {
        const text = await readFile(logOf(dir, lane), 'utf8')
        return [lane, text.split('\n').filter((line) => line.startsWith('GET ')).length] as const
      })
      return Object.fromEntries(await Promise.all(counts)) as Record<DeliveryName, number>
    },
    close,
  }
}

const logOf = (dir: string, lane: DeliveryName) => join(dir, `${lane}.log`)
