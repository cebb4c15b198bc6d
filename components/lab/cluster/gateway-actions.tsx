import { Button } from '#components/ui/button.tsx'
import type { ClusterAction } from '#server/protocol/lab.ts'
import type { ClusterView } from './use-cluster.ts'

const actions: readonly { action: ClusterAction; words: string }[] = [
  { action: 'add-gateway', words: 'Add a gateway' },
  { action: 'drain-gateway', words: 'Drain a gateway' },
  { action: 'kill-gateway', words: 'Kill a gateway' },
  { action: 'roll-gateways', words: 'Restart all gateways' },
]

/** Actions on the gateways while clients are connected. */
export function GatewayActions({ mayRun, pending, followed, act }: ClusterView) {
  return (
    <div className="flex flex-wrap gap-2">
      {actions.map(({ action, words }) => (
        <Button
          key={action}
          look={action === 'kill-gateway' ? 'danger' : 'default'}
          pending={pending === action}
          disabled={!mayRun || followed.state !== 'running'}
          onClick={() => act(action)}
        >
          {words}
        </Button>
      ))}
    </div>
  )
}
