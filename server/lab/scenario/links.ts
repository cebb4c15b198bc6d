import { openLink } from '#server/lab/network/open-link.ts'
import type { Link } from '#server/lab/network/tcp-proxy.ts'
import type { Testbed } from '#server/lab/testbed/testbed.ts'
import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import type { Incident } from '#server/protocol/lab-report.ts'
import type { Network } from '#server/protocol/lab-schemas.ts'

/** The links to the lanes of a run, for the crowd and for a browser. */
export type Links = {
  /** Directly to the lane's process when the network is clean. */
  crowdPort(lane: DeliveryName): number
  /** Always through a link, because only a link can count a browser's bytes. */
  browser: Record<DeliveryName, Link> | undefined
  /** Starts the network's scheduled faults. */
  begin(): void
  /** Ends all faults, so that disconnected clients can reconnect. */
  heal(): void
  close(): Promise<void>
}

type Tell = (incident: Omit<Incident, 'atMs'> & { lastsMs?: number }) => void

/** Opens the links between the clients and the testbed. Incidents are reported once, by a single lane's link. */
export async function openLinks(
  { gateways }: Pick<Testbed, 'gateways'>,
  network: Network,
  { withBrowser, tell }: { withBrowser: boolean; tell: Tell },
): Promise<Links> {
  const open = async (toldOf?: DeliveryName) => {
    const lines = await Promise.all(
      deliveryNames.map(async (lane) => {
        const told = lane === toldOf ? tell : undefined
        return [lane, await openLink(gateways[lane].port, network, told)] as const
      }),
    )
    return Object.fromEntries(lines) as Record<DeliveryName, Awaited<ReturnType<typeof openLink>>>
  }
  // All links do the same at the same time, so one reports.
  const crowd = network.kind === 'clean' ? undefined : await open('sse')
  const browser = withBrowser ? await open(crowd ? undefined : 'sse') : undefined
  const all = [...Object.values(crowd ?? {}), ...Object.values(browser ?? {})]
  return {
    crowdPort: (lane) => crowd?.[lane].port ?? gateways[lane].port,
    browser,
    begin() {
      for (const line of all) line.begin()
    },
    heal() {
      for (const line of all) line.heal()
    },
    async close() {
      await Promise.all(all.map((line) => line.close()))
    },
  }
}
