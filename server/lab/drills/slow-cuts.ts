/** How many streams and sockets a server has cut so far because their clients did not read, by its own metrics. */
export async function slowCuts(port: number): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`)
  const lines = (await answer.text()).split('\n')
  return lines
    .filter((line) => line.startsWith('wireside_streams_ended_total{') && line.includes('"slow"'))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
}
