/** Kafka cannot be used as it is: one line that says what to change, never with a password in it. */
export class KafkaUnusable extends Error {
  override name = 'KafkaUnusable'
}
