/** Bytes carried by TCP: `up` to the port, `down` from it, and the number of retransmitted segments. */
export type CapturedBytes = { up: number; down: number; repeatedSegments: number }

const fileHeaderBytes = 24
const packetHeaderBytes = 16
const ethernetBytes = 14
const tcp = 6

/**
 * Parses a loopback capture (pcap file format 2.4, little endian, Ethernet, IPv4) and sums the payloads of segments to
 * and from `port`; a retransmitted one counts once.
 */
export function capturedBytes(file: Buffer, port: number): CapturedBytes {
  const magic = file.readUInt32LE(0)
  if (magic !== 0xa1b2c3d4 && magic !== 0xa1b23c4d) throw new Error('Cannot read the capture: unknown format')
  const carried: CapturedBytes = { up: 0, down: 0, repeatedSegments: 0 }
  const reached = new Map<string, number>()
  for (let at = fileHeaderBytes; at + packetHeaderBytes <= file.length; ) {
    const kept = file.readUInt32LE(at + 8)
    const ip = at + packetHeaderBytes + ethernetBytes
    at += packetHeaderBytes + kept
    if ((file[ip] ?? 0) >> 4 !== 4 || file[ip + 9] !== tcp) continue
    const ipHeader = ((file[ip] ?? 0) & 15) * 4
    const segment = ip + ipHeader
    const [from, to] = [file.readUInt16BE(segment), file.readUInt16BE(segment + 2)]
    if (from !== port && to !== port) continue
    const payload = file.readUInt16BE(ip + 2) - ipHeader - ((file[segment + 12] ?? 0) >> 4) * 4
    if (payload <= 0) continue
    const seq = file.readUInt32BE(segment + 4)
    const flow = `${file.readUInt32BE(ip + 12)}:${from} ${file.readUInt32BE(ip + 16)}:${to}`
    const end = reached.get(flow)
    // Sequence numbers are modulo 2^32: a difference in the upper half is behind what was reached.
    if (end !== undefined && (seq - end) >>> 0 > 0x7fffffff) {
      carried.repeatedSegments += 1
      continue
    }
    reached.set(flow, (seq + payload) >>> 0)
    if (to === port) carried.up += payload
    else carried.down += payload
  }
  return carried
}
