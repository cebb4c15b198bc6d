import type { Cluster } from './open-cluster.ts'

export const keys =
  'Keys: + adds a gateway, - drains the newest, k kills it (it comes back). Ctrl-C drains all.'

const ctrlC = '\u0003'

/** Handles single key presses in the terminal; returns a function that stops. */
export function handleKeys(cluster: Cluster, onInterrupt: () => void): () => void {
  const { stdin } = process
  const newest = () =>
    cluster.nodes().findLast((node) => node.roles.includes('gateway') && node.state() === 'ready')
  async function press(key: string) {
    if (key === ctrlC) onInterrupt()
    const node = newest()
    if (key === '+') await cluster.add('gateway')
    if (key === 'k') await node?.kill()
    if (key === '-' && node) {
      if (cluster.nodes().filter(({ roles }) => roles === node.roles).length > 1) await cluster.drain(node)
      else console.log(`${node.name} is the last one, and stays`)
    }
  }
  const onData = (text: string) => {
    for (const key of text) press(key).catch(({ message }) => console.error(message))
  }
  if (stdin.isTTY) stdin.setRawMode(true)
  stdin.setEncoding('utf8').on('data', onData)
  return () => {
    if (stdin.isTTY) stdin.setRawMode(false)
    stdin.pause()
  }
}
