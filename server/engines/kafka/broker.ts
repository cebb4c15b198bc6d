import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort, isTaken } from '#server/database/ports.ts'
import { createProgram, type Engine, engineIn } from '../program.ts'
import { openRunFolder } from '../run-folder.ts'
import { kafkaClassPath } from './jars.ts'

const run = promisify(execFile)

/** One broker, which is its own controller, in a folder of its own; gone with the process that started it. */
export type Broker = Engine & {
  /** `host:port`, the same after every start. */
  brokers: string
  /** Kills it and brings it back without anything that it had, under another cluster id. */
  loseData(): Promise<void>
}

export type BrokerOptions = {
  /** Lets in only this user, by SASL/PLAIN or SCRAM-SHA-256. */
  user?: { name: string; password: string }
  /** A PEM file with key and certificate: the broker speaks TLS. */
  pemFile?: string
  /** Other properties of the broker. */
  properties?: Record<string, string>
}

/** A small heap, and no time spent on making fast what runs for seconds. */
const javaFlags = ['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto']

/** Starts a broker and resolves when it takes connections. */
export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const folder = await openRunFolder('kafka')
  const [port, controllerPort, classPath] = [await freePort(), await freePort(), await kafkaClassPath()]
  const file = join(folder.path, 'server.properties')
  const java = [...javaFlags, '-cp', classPath]
  const program = createProgram(folder, {
    name: 'kafka',
    command: 'java',
    args: [...java, 'kafka.Kafka', file],
    isReady: () => isTaken(port),
  })
  await writeFile(file, properties(folder.path, port, controllerPort, options), { mode: 0o600 })
  await format()
  await program.start()

  async function format() {
    const { user } = options
    const scram = user ? ['--add-scram', `SCRAM-SHA-256=[name=${user.name},password=${user.password}]`] : []
    // An id that begins with a dash would be read as an option.
    const id = `w${randomBytes(16).toString('base64url').slice(1)}`
    await run('java', [...java, 'kafka.tools.StorageTool', 'format', '-t', id, '-c', file, ...scram])
  }

  return {
    ...engineIn(folder, program),
    brokers: `127.0.0.1:${port}`,
    async loseData() {
      await program.kill()
      await rm(join(folder.path, 'data'), { recursive: true })
      await format()
      await program.start()
    },
  }
}

function properties(
  dir: string,
  port: number,
  controllerPort: number,
  { user, pemFile, properties = {} }: BrokerOptions,
): string {
  const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule'
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule'
  const protocol = `${user ? 'SASL_' : ''}${pemFile ? 'SSL' : 'PLAINTEXT'}`
  const all = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `CLIENTS://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'inter.broker.listener.name': 'CLIENTS',
    'listener.security.protocol.map': `CLIENTS:${protocol},CONTROLLER:PLAINTEXT`,
    'log.dirs': join(dir, 'data'),
    // Short ones: after a kill the new process is let in when the old one's session is over.
    'broker.session.timeout.ms': '1000',
    'broker.heartbeat.interval.ms': '250',
    'auto.create.topics.enable': 'false',
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'log.cleaner.dedupe.buffer.size': '2097152',
    'num.network.threads': '2',
    'num.io.threads': '2',
    'background.threads': '2',
    ...(user && {
      'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256',
      'sasl.mechanism.inter.broker.protocol': 'PLAIN',
      'listener.name.clients.plain.sasl.jaas.config': `${plain} required username="${user.name}" password="${user.password}" user_${user.name}="${user.password}";`,
      'listener.name.clients.scram-sha-256.sasl.jaas.config': `${scram} required username="${user.name}" password="${user.password}";`,
    }),
    ...(pemFile && {
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': pemFile,
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': pemFile,
    }),
    ...properties,
  }
  return Object.entries(all)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}
