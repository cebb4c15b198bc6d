import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CapturedBytes, capturedBytes } from './pcap.ts'

const places = ['/usr/bin/tcpdump', '/usr/sbin/tcpdump', '/opt/homebrew/bin/tcpdump']

/** The tcpdump of this machine; undefined when there is none. */
const tcpdumpPath = places.find((path) => existsSync(path))

type Capture = {
  /** Ends it, and returns the bytes that TCP carried for each port, excluding TCP and IP headers. */
  end(): Promise<Map<number, CapturedBytes>>
}

const headersBytes = 128
const bufferKib = 65_536

/** Captures loopback traffic of these ports. Needs the right to capture; throws without it. */
export async function capture(ports: readonly number[]): Promise<Capture> {
  if (!tcpdumpPath) throw new Error('There is no tcpdump on this machine')
  const dir = await mkdtemp(join(tmpdir(), 'wireside-capture-'))
  const file = join(dir, 'lo.pcap')
  const filter = ports.map((port) => `tcp port ${port}`).join(' or ')
  const flags = [
    '-i',
    'lo',
    '-s',
    String(headersBytes),
    '-B',
    String(bufferKib),
    '-n',
    '--immediate-mode',
    '-Z',
    'root',
  ]
  const child = spawn(tcpdumpPath, [...flags, '-w', file, filter], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk
      if (said.includes('listening on')) resolve()
    })
    child.once('exit', () => reject(new Error(`tcpdump ended: ${said}`)))
  })
  return {
    async end() {
      const ended = once(child, 'exit')
      child.kill('SIGINT')
      await ended
      const dropped = Number(/(\d+) packets dropped by kernel/.exec(said)?.[1] ?? 0)
      if (dropped > 0) throw new Error(`tcpdump dropped ${dropped} packets`)
      const packets = await readFile(file)
      await rm(dir, { recursive: true, force: true })
      return new Map(ports.map((port) => [port, capturedBytes(packets, port)]))
    },
  }
}
