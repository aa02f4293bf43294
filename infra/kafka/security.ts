/** One broker's listeners that ask who is there, beside the plain one: TLS on all of them, and one way of saying who one is on each. */
export interface KafkaSecurity {
  /** PEM: the broker's key and certificate, and the authority that client certificates must come from. */
  keyAndCertificateFile: string;
  caFile: string;
  /** Known to both SASL listeners. Test data: the passwords are in server.properties and on a command line. */
  users: readonly { name: string; password: string }[];
  ports: SecurePorts;
}

export interface SecurePorts {
  /** SASL_SSL with PLAIN. */
  plain: number;
  /** SASL_SSL with SCRAM-SHA-512. */
  scram: number;
  /** SSL with a client certificate. */
  mutual: number;
}

/** Of these listeners. */
export const SECURE_PROTOCOLS = ['PLAIN:SASL_SSL', 'SCRAM:SASL_SSL', 'MUTUAL:SSL'];
export const SECURE_LISTENERS = ['plain', 'scram', 'mutual'] as const satisfies readonly (keyof SecurePorts)[];

/**
 * What a broker's settings say of them. Rights are asked for by Kafka's own authorizer. Whoever comes over the plain listener, which is on the loopback, may do
 * everything: the broker itself, and a test that prepares the others.
 */
export function securityProperties(security: KafkaSecurity): Record<string, string> {
  const { keyAndCertificateFile, caFile, users } = security;
  const passwords = users.map(({ name, password }) => ` user_${name}="${password}"`).join('');
  return {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': keyAndCertificateFile,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': caFile,
    'listener.name.plain.sasl.enabled.mechanisms': 'PLAIN',
    'listener.name.plain.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required${passwords};`,
    'listener.name.scram.sasl.enabled.mechanisms': 'SCRAM-SHA-512',
    'listener.name.scram.scram-sha-512.sasl.jaas.config':
      'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    'listener.name.mutual.ssl.client.auth': 'required',
    // CN=calls is user calls.
    'listener.name.mutual.ssl.principal.mapping.rules': 'RULE:^CN=([^,]+).*$/$1/,DEFAULT',
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:ANONYMOUS',
  };
}

export function secureListeners({ ports }: KafkaSecurity): string[] {
  return SECURE_LISTENERS.map((name) => `${name.toUpperCase()}://127.0.0.1:${ports[name]}`);
}

/** SCRAM users are part of the cluster's metadata, and made with it. */
export function formatArguments({ users }: KafkaSecurity): string[] {
  return users.flatMap(({ name, password }) => ['--add-scram', `SCRAM-SHA-512=[name=${name},password=${password}]`]);
}
