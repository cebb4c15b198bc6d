'use client'
import { useState } from 'react'
import { TabPanel, Tabs } from '#components/ui/tabs.tsx'
import type { WireOrder } from '#server/protocol/trading.ts'
import { Fills } from './fills.tsx'
import { History } from './history.tsx'
import { OrderList } from './order-list.tsx'
import { ScrollArea } from './scroll-area.tsx'
import type { Cancelling } from './use-cancelling.ts'
import type { Placing } from './use-placing.ts'

type OrdersProps = {
  orders: readonly WireOrder[]
  placing: Placing
  cancelling: Cancelling
  /** Nothing can be sent now. */
  closed: boolean
  older: React.ReactNode
}
const tabs = [
  { id: 'orders', label: 'Orders' },
  { id: 'fills', label: 'Fills' },
  { id: 'history', label: 'History' },
] as const

/** The reader's orders, what of them was filled, and what has moved the account. */
export function Orders({ orders, placing, cancelling, closed, older }: OrdersProps) {
  const [tab, setTab] = useState<(typeof tabs)[number]['id']>('orders')
  const filled = orders.filter(({ status }) => status === 'filled')
  return (
    <>
      <Tabs
        label="Orders and account"
        prefix="orders"
        tabs={tabs}
        value={tab}
        onChange={setTab}
        className="border-b border-line-strong"
      />
      <ScrollArea label="Orders and account">
        <TabPanel prefix="orders" id={tab}>
          {tab === 'orders' && <OrderList {...{ orders, placing, cancelling, closed }} />}
          {tab === 'fills' && <Fills filled={filled} />}
          {tab === 'history' && <History version={filled[0]?.id ?? ''} />}
          {tab !== 'history' && older}
        </TabPanel>
      </ScrollArea>
    </>
  )
}
