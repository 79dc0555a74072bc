import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { stringify } from 'yaml';
import { asyncApi, type About } from './asyncapi.js';
import { configurationPage } from './configuration-page.js';
import { eventsPage } from './events-page.js';
import { metricsPage } from './metrics-page.js';
import { readTypeDocs } from './type-docs.js';

/** A document that is made from code. `path` is from the repository's root. */
export type Document = Readonly<{ path: string; text: string }>;

const PRINTS_WITHIN_MS = 30_000;

/** Every document there is to make, as it would be written now. */
export async function documents(root: string): Promise<readonly Document[]> {
  const events = readTypeDocs(join(root, 'libs/domain-events'));
  const all = [
    { path: 'docs/events.md', text: eventsPage(events) },
    { path: 'docs/asyncapi.yaml', text: yaml(asyncApi(events, await aboutAsyncApi(root))) },
    { path: 'docs/configuration.md', text: configurationPage() },
    { path: 'docs/metrics.md', text: metricsPage() },
    { path: 'docs/payment-states.md', text: await printedBy(root, 'checkout', 'states') },
  ];
  return Promise.all(all.map((document) => formatted(root, document)));
}

/** In full, without anchors: readers of AsyncAPI need not know them. */
const yaml = (document: object): string => stringify(document, { aliasDuplicateObjects: false });

/** Which release it is, and the brokers that manifests and compose name. @throws Error if they name none. */
async function aboutAsyncApi(root: string): Promise<About> {
  const found = async (path: string, wanted: RegExp): Promise<string> => {
    const [, text] = wanted.exec(await readFile(join(root, path), 'utf8')) ?? [];
    if (text === undefined) throw new Error(`${path} has nothing like ${wanted.source}`);
    return text;
  };
  return {
    version: await found('package.json', /"version": "([^"]+)"/),
    servers: {
      cluster: {
        host: await found('k8s/base/checkout/config.env', /^KAFKA_BROKERS=(.+)$/m),
        about: 'As the manifests under k8s have it.',
        guarded: true,
      },
      laptop: {
        host: await found('docker-compose.yml', /ADVERTISED_LISTENERS: HOST:\/\/([^,]+),/),
        about: 'As docker-compose.yml has it.',
        guarded: false,
      },
    },
  };
}

/** What a command of a service says: an app's code is its own, and nobody may import it. */
async function printedBy(root: string, app: string, command: string): Promise<string> {
  const main = join(root, 'apps', app, 'dist/main.js');
  const { stdout } = await promisify(execFile)(process.execPath, [main, command], {
    timeout: PRINTS_WITHIN_MS,
  });
  return stdout;
}

/** Writes them under `folder`. */
export async function write(all: readonly Document[], folder: string): Promise<void> {
  for (const { path, text } of all) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** Paths of those that are not under `folder` as they should be. */
export async function stale(all: readonly Document[], folder: string): Promise<string[]> {
  const found = await Promise.all(all.map(({ path }) => textAt(join(folder, path))));
  return all.filter(({ text }, index) => found[index] !== text).map(({ path }) => path);
}

async function formatted(root: string, { path, text }: Document): Promise<Document> {
  const options = await resolveConfig(join(root, path));
  return { path, text: await format(text, { ...options, filepath: path }) };
}

async function textAt(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (fault) {
    if (isObject(fault) && 'code' in fault && fault.code === 'ENOENT') return undefined;
    throw fault;
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
