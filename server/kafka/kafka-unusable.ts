/** Kafka cannot be used as it is: the message is one line that says what to change, and never contains a password. */
export class KafkaUnusable extends Error {
  override name = 'KafkaUnusable'
}
