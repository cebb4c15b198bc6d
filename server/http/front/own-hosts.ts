import { isIPv6 } from 'node:net'
import type { Env } from '#server/env.ts'
import { isLoopback } from '#server/loopback.ts'

/** Most clients send one of few; what many different ones are remembered for would be memory for strangers. */
const remembered = 100

const authorityPattern = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{0,5})?$/

/**
 * Judges what a `Host` field or an absolute target names (RFC 9110, section 7.2): ours are the hosts of `BASE_URL` and
 * `TRUSTED_ORIGINS`, `localhost` and literal loopback addresses, all with any port.
 *
 * A page whose own name was made to lead to this server (DNS rebinding) is of the same origin as what it reads here;
 * the `Host` that its browser sends is all that gives it away.
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

/** The one at the end says that a name is whole. */
function withoutDot(host: string): string {
  return host.endsWith('.') ? host.slice(0, -1) : host
}

function isLocal(host: string): boolean {
  return host.startsWith('[') ? isIPv6(host.slice(1, -1)) && isLoopback(host) : isLoopback(host)
}
