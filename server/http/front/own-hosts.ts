import { isIPv6 } from 'node:net'
import type { Env } from '#server/env.ts'
import { isLoopback } from '#server/loopback.ts'

/** Most clients send one of a few; remembering more would let strangers fill the memory. */
const remembered = 100

const authorityPattern = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{0,5})?$/

/**
 * Checks a `Host` field or the host of an absolute target (RFC 9110, section 7.2): ours are the hosts of `BASE_URL` and
 * `TRUSTED_ORIGINS`, `localhost` and literal loopback addresses, with any port.
 *
 * With DNS rebinding, a page makes its own name resolve to this server, and what it reads here is same-origin to it;
 * only the `Host` that its browser sends reveals it.
 */
export function ownHosts({ TRUSTED_ORIGINS }: Pick<Env, 'TRUSTED_ORIGINS'>): (authority: string) => boolean {
  const served = new Set(TRUSTED_ORIGINS.map((origin) => withoutDot(new URL(origin).hostname)))
  const known = new Set<string>()
  return (authority) => {
    if (known.has(authority)) return true
    const [, name] = authorityPattern.exec(authority.toLowerCase()) ?? []
    if (name === undefined) return false
    const host = withoutDot(name)
    if (!(served.has(host) || isLocal(host))) return false
    if (known.size < remembered) known.add(authority)
    return true
  }
}

/** A trailing dot marks a fully qualified name. */
function withoutDot(host: string): string {
  return host.endsWith('.') ? host.slice(0, -1) : host
}

function isLocal(host: string): boolean {
  return host.startsWith('[') ? isIPv6(host.slice(1, -1)) && isLoopback(host) : isLoopback(host)
}
