import { existsSync } from 'node:fs';
import { request, type RequestOptions } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';

const ANSWER_WITHIN_MS = 2_000;

/** Version of the Docker engine that answers, by asking it: a client without an engine is no use. */
export function dockerVersion(
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const engine = engineAddress(env['DOCKER_HOST']);
  if (engine === undefined) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const asked = request({ ...engine, path: '/version', timeout: ANSWER_WITHIN_MS }, (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => (body += chunk));
      answer.on('end', () => resolve(/"Version"\s*:\s*"([^"]+)"/.exec(body)?.[1]));
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(undefined));
    asked.end();
  });
}

function engineAddress(dockerHost: string | undefined): RequestOptions | undefined {
  if (dockerHost !== undefined && dockerHost !== '') {
    const url = new URL(dockerHost);
    if (url.protocol === 'unix:') return { socketPath: url.pathname };
    return { host: url.hostname, port: url.port === '' ? 2375 : url.port };
  }
  const sockets = ['/var/run/docker.sock', join(homedir(), '.docker/run/docker.sock')];
  const socketPath = sockets.find((path) => existsSync(path));
  return socketPath === undefined ? undefined : { socketPath };
}
