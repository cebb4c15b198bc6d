import type { TestContext } from 'node:test'
import { freePort } from '#server/database/ports.ts'
import { startNginx } from '#server/lab/verify/start-nginx.ts'

export { nginxPath } from '#server/lab/verify/start-nginx.ts'

/** nginx directives for the proxied location, such as `proxy_buffering on;`. */
export type Directives = { server?: string; upstream?: string }

/** Runs nginx in front of `port` for the duration of the test; returns the port it listens on. */
export async function nginx(
  t: Pick<TestContext, 'after'>,
  port: number,
  { server = '', upstream = '' }: Directives,
): Promise<number> {
  const listens = await freePort()
  const { close } = await startNginx(
    listens,
    () => `
      access_log off;
      upstream app { server 127.0.0.1:${port}; ${upstream} }
      server {
        listen 127.0.0.1:${listens};
        ${server}
        location / {
          proxy_pass http://app;
          proxy_set_header Host $http_host;
        }
      }`,
  )
  t.after(close)
  return listens
}
