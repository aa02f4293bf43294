import { messageOf, StillwatchError } from '../../platform/errors.ts';
import { explainTls, tlsTrouble } from '../../platform/tls-errors.ts';
import type { KafkaSettings } from './client.ts';

/** What kafkajs says of a connection that did not come about, as what, where and what to do; anything else as it is. Never with the password. */
export function explainConnection(error: unknown, { brokers, ssl, sasl }: KafkaSettings): unknown {
  const cause = rootOf(error);
  if (!(cause instanceof Error) || !cause.name.startsWith('KafkaJS')) return error;
  const where = `Kafka at ${brokers.join(', ')}`;
  const tls = tlsTrouble(cause);
  if (tls !== null) {
    const { what, hint } = explainTls(tls, 'kafka', 'name its TLS port in kafka.brokers, or leave kafka.ssl out');
    return new StillwatchError('KAFKA_UNTRUSTED', `no TLS with ${where}: ${what} (${cause.message})`, hint, error);
  }
  const isOffered = !/mechanism is not supported|requested SASL mechanism/.test(cause.message);
  if (cause.name === 'KafkaJSSASLAuthenticationError' || !isOffered) {
    return new StillwatchError(
      'KAFKA_UNAUTHENTICATED',
      `${where} does not let user ${sasl?.username ?? ''} in (${sasl?.mechanism ?? ''}): ${cause.message}`,
      isOffered
        ? 'check kafka.sasl_username, and kafka.sasl_password or the file in kafka.sasl_password_file; for SCRAM the user must have been made with this mechanism'
        : 'set kafka.sasl_mechanism to one that this listener offers',
      error,
    );
  }
  if (cause.name === 'KafkaJSConnectionClosedError')
    return new StillwatchError(
      'KAFKA_UNREACHABLE',
      `${where} closed the connection before it answered`,
      ssl === undefined
        ? 'it may want TLS on this port: set kafka.ssl=true, or name its plain port in kafka.brokers'
        : sasl === undefined
          ? 'it may want to know who we are: set kafka.sasl_mechanism, or kafka.ssl_cert_file and kafka.ssl_key_file'
          : "look into the broker's log",
      error,
    );
  if (cause.name === 'KafkaJSConnectionError')
    return new StillwatchError(
      'KAFKA_UNREACHABLE',
      `${where} does not answer: ${messageOf(cause)}`,
      'check KAFKA_BROKERS, and that this machine may reach it',
      error,
    );
  return error;
}

/** kafkajs gives up with an error of its own around the last one. */
function rootOf(error: unknown): unknown {
  let root = error;
  while (root instanceof Error && root.name === 'KafkaJSNumberOfRetriesExceeded' && root.cause !== undefined)
    root = root.cause;
  return root;
}
