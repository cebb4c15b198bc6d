import { sourceFile, sourceText } from './source-file.ts'
import { browserHalf, deliveries, protocolPath } from './source-list.ts'
import { rulesOf } from './source-rules.ts'
import { SourceView } from './source-view.tsx'

/** The very files of this repository that poll, and the rules they keep; read on the server as they stand. */
export async function SourceTab() {
  const protocol = await sourceText(protocolPath)
  const files = await Promise.all(
    deliveries.map(async ({ lane, rules, ...entry }) => {
      const file = await sourceFile(entry)
      return file && { lane, file, rules: rulesOf(protocol, rules) }
    }),
  )
  const browser = await sourceFile(browserHalf)
  return <SourceView deliveries={files.filter((delivery) => delivery !== undefined)} browser={browser} />
}
