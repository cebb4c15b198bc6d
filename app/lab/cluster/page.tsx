import type { Metadata } from 'next'
import { ClusterPage } from '#components/lab/cluster/cluster-page.tsx'

export const metadata: Metadata = { title: 'Cluster' }

/** A cluster on this machine, while it runs. */
export default function Cluster() {
  return <ClusterPage />
}
