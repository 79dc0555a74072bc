import { createConnection, createServer } from 'node:net';
import type { KafkaSettings } from './kafka-settings.js';

export type Door = Readonly<{
  broker: string;
  /** How many connections came so far, and how many are open. */
  came: () => number;
  open: () => number;
  close: () => Promise<void>;
}>;

/**
 * An address in front of the broker that counts who comes. A client asks there once, each time that
 * it is made, and is then told the broker's own address.
 */
export async function aDoor({ brokers }: KafkaSettings, port = 0): Promise<Door> {
  const [host = '', brokerPort = ''] = brokers[0]?.split(':') ?? [];
  let came = 0;
  let open = 0;
  const server = createServer((client) => {
    came += 1;
    open += 1;
    const broker = createConnection(Number(brokerPort), host);
    client.pipe(broker).pipe(client);
    client.on('error', () => broker.destroy());
    broker.on('error', () => client.destroy());
    client.on('close', () => {
      open -= 1;
      broker.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not a port');
  return {
    broker: `127.0.0.1:${address.port}`,
    came: () => came,
    open: () => open,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
