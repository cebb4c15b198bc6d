import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { kafkaHome } from '#server/env.ts'
import { programPath } from '../program-path.ts'

const run = promisify(execFile)
const pom = resolve(import.meta.dirname, 'pom.xml')
const [, version = ''] = /kafka_2\.13<\/artifactId>\s*<version>([^<]+)/.exec(readFileSync(pom, 'utf8')) ?? []
const fetchWithinMs = 180_000
const cache = join(homedir(), '.cache', 'wireside', `kafka-${version}`)

/** Whether a broker can be started without fetching anything. */
export const hasKafkaJars = kafkaHome !== undefined || existsSync(cache)

/** Why no broker can be started on this machine, though Maven may fetch it; undefined when one can. */
export const kafkaMissing = whatIsMissing()

/** Why Maven cannot fetch what a broker needs, in one line; undefined when it is there by now. */
export async function whyNotFetched(): Promise<string | undefined> {
  try {
    await kafkaClassPath()
    return undefined
  } catch (error) {
    const [, reason = String(error).split('\n')[0]] = /\[ERROR\] (.+)/.exec(String(error)) ?? []
    return `Maven could not fetch Kafka: ${reason}`
  }
}

/** The class path of a broker: that of `KAFKA_HOME`, else what Maven has once fetched into the user's cache. */
export async function kafkaClassPath(): Promise<string> {
  if (kafkaHome) return join(kafkaHome, 'libs', '*')
  if (!existsSync(cache)) await fetchJars()
  return join(cache, '*')
}

/** Into a folder beside it first: of two runs that fetch at once one comes too late, and uses what the other has. */
async function fetchJars() {
  await mkdir(dirname(cache), { recursive: true })
  const fetched = await mkdtemp(`${cache}-`)
  try {
    const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${fetched}`]
    await run('mvn', ['-q', '-B', '-f', pom, ...goal], { timeout: fetchWithinMs })
    await rename(fetched, cache)
  } catch (error) {
    if (!existsSync(cache)) throw error
  } finally {
    await rm(fetched, { recursive: true, force: true })
  }
}

function whatIsMissing(): string | undefined {
  if (!programPath('java')) return 'there is no Java on this machine to run Kafka'
  if (hasKafkaJars || programPath('mvn')) return undefined
  return 'there is neither KAFKA_HOME nor Maven on this machine to bring Kafka'
}
