import type { ChildProcess } from 'node:child_process'
import { freePort } from '#server/database/embedded/launch.ts'
import { endChild, launchChild } from '#server/lab/testbed/child.ts'
import type { Testbed } from '#server/lab/testbed/testbed.ts'
import { usageOf } from '#server/lab/testbed/usage.ts'
import { notifyWithEntries } from './channel.ts'

/** The server of most tutorials, as a process of its own. */
export type NaiveServer = AsyncDisposable & {
  port: number
  kill(): Promise<void>
  start(): Promise<void>
  residentBytes(): number
  /** What it holds for clients that do not read. */
  queuedBytes(): Promise<number>
}

/** Starts it, fed with the same entries. With `checksSession` it lets in nobody without a session. */
export async function startNaiveServer(
  { databaseUrl, stream, gateways }: Testbed,
  { checksSession = false } = {},
): Promise<NaiveServer> {
  const port = await freePort()
  let child: ChildProcess | undefined
  await notifyWithEntries(databaseUrl, stream)

  async function start() {
    child = await launchChild({
      file: `${import.meta.dirname}/naive-server.ts`,
      args: [databaseUrl, String(port), ...(checksSession ? [String(gateways.short.port)] : [])],
      readyText: 'ready',
    })
  }
  async function kill() {
    if (child) await endChild(child, 'SIGKILL')
  }

  await start()
  return {
    ...{ port, start, kill, [Symbol.asyncDispose]: kill },
    residentBytes: () => usageOf(child?.pid ?? 0).residentBytes,
    async queuedBytes() {
      const answer = await fetch(`http://127.0.0.1:${port}/queued`)
      return Number(await answer.text())
    },
  }
}
