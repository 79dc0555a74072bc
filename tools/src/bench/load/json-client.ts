import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

export type Ask = Readonly<{
  path: string;
  body: object;
  headers?: Readonly<Record<string, string>>;
}>;

const WITHIN_MS = 40_000;

/** Posts JSON over connections that stay open: a load driver must not be what is busy. */
export class JsonClient implements Disposable {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: Infinity });

  constructor(private readonly base: URL) {}

  /** @returns undefined for an empty answer. @throws Error if it is not 2xx, or does not come. */
  async post<Answer>({ path, body, headers = {} }: Ask): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const payload = JSON.stringify(body);
    const asking = request(
      {
        agent: this.agent,
        host: this.base.hostname,
        port: this.base.port,
        method: 'POST',
        path,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(payload),
          ...headers,
        },
        timeout: WITHIN_MS,
      },
      (answer) => {
        text(answer).then((said) => {
          const { statusCode = 0 } = answer;
          if (statusCode >= 200 && statusCode < 300) resolve(said);
          else reject(new Error(`${path} answered ${statusCode}: ${said}`));
        }, reject);
      },
    );
    asking.once('error', reject);
    asking.once('timeout', () => asking.destroy(new Error(`${path} did not answer`)));
    asking.end(payload);
    const said = await promise;
    return (said === '' ? undefined : JSON.parse(said)) as Answer;
  }

  [Symbol.dispose](): void {
    this.agent.destroy();
  }
}
