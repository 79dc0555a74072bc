import { serverProperties, type KafkaLayout } from './kafka-properties.js';

export type GuardedLayout = KafkaLayout &
  Readonly<{
    /** Of the listener with TLS; `brokerPort` is the one without. */
    encryptedPort: number;
    /** PEM of the key and of the certificate chain, in one file. */
    keyStore: string;
    /** Passwords of whom no right is needed to be given to: everything is allowed them. */
    admin: string;
    controller: string;
  }>;

/** Who may do everything, to make topics and give rights. */
export const ADMIN = 'admin';
const CONTROLLER = 'controller';

const HOST = '127.0.0.1';
const SCRAM = 'SCRAM-SHA-512';
const PACKAGE = 'org.apache.kafka.common.security';

/**
 * A node that nobody speaks to without a name: users log in by SCRAM-SHA-512, with TLS or without, and
 * may do what they were given a right to. The controller is another listener of the same node, which
 * comes up before there are users: it knows one by its own file.
 */
export const guardedProperties = (k: GuardedLayout): string =>
  serverProperties(k) +
  lines({
    listeners: listeners({ ...portsOf(k), CONTROLLER: k.controllerPort }),
    'advertised.listeners': listeners(portsOf(k)),
    'listener.security.protocol.map':
      'GUARDED:SASL_PLAINTEXT,ENCRYPTED:SASL_SSL,CONTROLLER:SASL_PLAINTEXT',
    'inter.broker.listener.name': 'GUARDED',
    'sasl.mechanism.inter.broker.protocol': SCRAM,
    'sasl.mechanism.controller.protocol': 'PLAIN',
    ...scramAt('guarded', k.admin),
    ...scramAt('encrypted', k.admin),
    'listener.name.controller.sasl.enabled.mechanisms': 'PLAIN',
    'listener.name.controller.plain.sasl.jaas.config':
      `${PACKAGE}.plain.PlainLoginModule required username="${CONTROLLER}" ` +
      `password="${k.controller}" user_${CONTROLLER}="${k.controller}";`,
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': k.keyStore,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': `User:${ADMIN};User:${CONTROLLER}`,
    'allow.everyone.if.no.acl.found': false,
  });

const portsOf = (k: GuardedLayout) => ({ GUARDED: k.brokerPort, ENCRYPTED: k.encryptedPort });

const listeners = (ports: Readonly<Record<string, number>>): string =>
  Object.entries(ports)
    .map(([name, port]) => `${name}://${HOST}:${port}`)
    .join(',');

const scramAt = (listener: string, password: string) => ({
  [`listener.name.${listener}.sasl.enabled.mechanisms`]: SCRAM,
  [`listener.name.${listener}.scram-sha-512.sasl.jaas.config`]: `${PACKAGE}.scram.ScramLoginModule required username="${ADMIN}" password="${password}";`,
});

/** Said last, a setting is the one that counts. */
const lines = (properties: Readonly<Record<string, string | number | boolean>>): string =>
  Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
