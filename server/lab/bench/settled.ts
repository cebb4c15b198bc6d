import type { Server } from './core.ts'

/** The server has done all that it was asked when it stops using its core. */
export async function settled(server: Server): Promise<void> {
  const until = performance.now() + 15_000
  for (let quiet = 0, before = server.usage().cpuSeconds; quiet < 3 && performance.now() < until; ) {
    await new Promise((resolve) => setTimeout(resolve, 200))
    const now = server.usage().cpuSeconds
    quiet = now - before < 0.02 ? quiet + 1 : 0
    before = now
  }
}
