import { parseArgs } from 'node:util'
import { type EngineName, engineNames } from './engines.ts'

export type CommandOptions = {
  gateways: number
  webs: number
  without: EngineName[]
  fetchKafka: boolean
}

/** Invalid command-line options; the message says which. */
export class BadOptions extends Error {
  override name = 'BadOptions'
}

export const help = `Starts Wireside as a cluster on this machine: npm run cluster -- [options]

  --gateways 2        processes for streams and sockets
  --webs 1            processes for pages and the HTTP API
  --without redis,tls leave these out: ${engineNames.join(', ')}
  --fetch-kafka       have Maven fetch Kafka, once (60 MB, needs Java)

Redis, HAProxy and openssl are used if they are installed, Kafka if KAFKA_HOME names it. Settings are those of
.env.example: REDIS_URL and KAFKA_BROKERS for engines that run already, DATABASE_URL for a Postgres of yours, PORT for
the entrance.`

/** Throws `BadOptions`. */
export function readOptions(args: readonly string[]): CommandOptions | 'help' {
  const { values } = parsed(args)
  if (values.help) return 'help'
  const without = (values.without ?? '').split(',').filter(Boolean)
  const unknown = without.find((name) => !engineNames.some((known) => known === name))
  if (unknown !== undefined)
    throw new BadOptions(`--without: "${unknown}" is none of ${engineNames.join(', ')}`)
  return {
    gateways: countOf('gateways', values.gateways),
    webs: countOf('webs', values.webs),
    without: engineNames.filter((name) => without.includes(name)),
    fetchKafka: values['fetch-kafka'],
  }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        gateways: { type: 'string', default: '2' },
        webs: { type: 'string', default: '1' },
        without: { type: 'string' },
        'fetch-kafka': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new BadOptions(error instanceof Error ? error.message : String(error))
  }
}

/** The most of each kind that the command starts. */
const most = 32

function countOf(name: string, text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1 && count <= most) return count
  throw new BadOptions(`--${name}: "${text}" is no number from 1 to ${most}`)
}
