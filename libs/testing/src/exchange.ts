import { connect } from 'node:net';

const WITHIN_MS = 10_000;

/** What comes back for these bytes until the server hangs up. @throws Error if it does not within 10 s. */
export function exchange(port: number, ...bytes: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    let back = '';
    socket.setTimeout(WITHIN_MS, () => socket.destroy(new Error('nobody hangs up')));
    socket.setEncoding('utf8').on('data', (text: string) => (back += text));
    socket.on('error', reject);
    socket.on('close', () => resolve(back));
    for (const some of bytes) socket.write(some);
  });
}
