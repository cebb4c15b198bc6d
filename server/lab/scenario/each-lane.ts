import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'

/** One of something for each lane. */
export function eachLane<T>(make: (lane: DeliveryName) => T): Record<DeliveryName, T> {
  return Object.fromEntries(deliveryNames.map((lane) => [lane, make(lane)])) as Record<DeliveryName, T>
}
