import { isIPv6 } from 'node:net'

const withPort = /^(?:([0-9.]+):[0-9]+|\[([^\]]+)\](?::[0-9]+)?)$/

/**
 * The key under which an address is counted: an IPv4 address itself, also when written as IPv6 (RFC 4291, section
 * 2.5.5.2); for an IPv6 address its /64, all of which belongs to one subscriber. Drops a port, which some proxies
 * forward and which differs for each connection.
 */
export function networkOf(address: string): string {
  const [, v4, v6] = withPort.exec(address) ?? []
  const [plain = ''] = (v4 ?? v6 ?? address).split('%', 1)
  if (!isIPv6(plain)) return plain
  const groups = groupsOf(plain)
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 0xff])
      .join('.')
  }
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`
}

/** The eight groups of an IPv6 address, as numbers. */
function groupsOf(address: string): number[] {
  // The URL parser normalizes every spelling, without dotted decimals (WHATWG URL, IPv6 serializer).
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [before = [], after = []] = canonical.split('::').map((side) =>
    side
      .split(':')
      .filter(Boolean)
      .map((group) => Number.parseInt(group, 16)),
  )
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
}
