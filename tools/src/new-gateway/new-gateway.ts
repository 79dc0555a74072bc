import { join } from 'node:path';
import devkit, { type Tree } from '@nx/devkit';
import { manifestFolders, renamed, withImage, withIngress } from './copied-manifests.js';
import { nextOf, objectionTo, spellingsOf, type NewProvider } from './provider-names.js';
import { sharedEdits } from './shared-edits.js';
import { numbersIn } from './source-edits.js';

const { formatFiles, generateFiles, updateJson, visitNotIgnoredFiles } = devkit;

const PORTS = 'libs/world/src/well-known-ports.ts';
const OVERLAY = 'k8s/overlays/dev';
/** The sandbox's proxy: its providers' ports end before it. */
const PROXY_PORT = 3_110;

/**
 * Makes a gateway for a further provider, as far as nobody has to know the provider: what is left throws
 * NotWrittenYet, or lets nothing through. Nx writes what is in the tree, and after it calls what this
 * answers. @throws Error if there is such a provider, or can be none of that name.
 */
export async function newGateway(
  tree: Tree,
  { name }: Readonly<{ name: string }>,
): Promise<() => void> {
  const objection = objectionTo(name, providersIn(tree));
  if (objection !== undefined) throw new Error(objection);
  const provider = providerCalled(tree, name);
  const files = join(import.meta.dirname, 'files');
  generateFiles(tree, join(files, 'app'), `apps/${name}-gateway`, provider);
  generateFiles(tree, join(files, 'sandbox'), `apps/provider-sandbox/src/${name}`, provider);
  for (const [path, edit] of Object.entries(sharedEdits)) edited(tree, path, edit, provider);
  copyManifests(tree, provider);
  lock(tree, provider);
  await formatFiles(tree);
  return () => process.stdout.write(whatIsLeft(provider));
}

/** By their gateways: there is one for each provider. */
const providersIn = (tree: Tree): readonly string[] =>
  tree
    .children('apps')
    .filter((app) => app.endsWith('-gateway'))
    .map((app) => app.slice(0, -'-gateway'.length));

function providerCalled(tree: Tree, name: string): NewProvider {
  const ports = [...numbersIn(textOf(tree, PORTS), 'WELL_KNOWN_PORTS')];
  const portsOf = (kind: RegExp) =>
    ports.filter(([what]) => kind.test(what)).map(([, port]) => port);
  const codes = numbersIn(textOf(tree, 'apps/ledger/src/posting/codes.ts'), 'providerCode');
  return {
    ...spellingsOf(name),
    port: nextOf(portsOf(/-gateway$/)),
    sandboxPort: nextOf(portsOf(/ at the sandbox$/), PROXY_PORT),
    code: nextOf([...codes.values()]),
  };
}

function copyManifests(tree: Tree, provider: NewProvider): void {
  for (const [from, to] of manifestFolders(provider.name)) {
    visitNotIgnoredFiles(tree, from, (path) => {
      tree.write(path.replace(from, to), renamed(textOf(tree, path), provider));
    });
  }
  edited(tree, `${OVERLAY}/kustomization.yaml`, withImage, provider);
  edited(tree, `${OVERLAY}/kustomization.yaml`, withIngress, provider);
  edited(tree, `${OVERLAY}/migrations/kustomization.yaml`, withImage, provider);
}

/** As `npm install --package-lock-only` would: a workspace, and nothing that was not there. */
function lock(tree: Tree, { name }: NewProvider): void {
  const app = `apps/${name}-gateway`;
  const { version, license, dependencies, ...rest } = devkit.readJson<Record<string, unknown>>(
    tree,
    `${app}/package.json`,
  );
  updateJson<{ packages: Record<string, unknown> }>(tree, 'package-lock.json', (locked) => {
    const added = {
      [app]: { name: rest['name'], version, license, dependencies },
      [`node_modules/@hutong/${name}-gateway`]: { resolved: app, link: true },
    };
    const packages = Object.entries({ ...locked.packages, ...added });
    return {
      ...locked,
      packages: Object.fromEntries(packages.toSorted(([a], [b]) => a.localeCompare(b, 'en'))),
    };
  });
}

function edited(
  tree: Tree,
  path: string,
  edit: (source: string, provider: NewProvider) => string,
  provider: NewProvider,
): void {
  try {
    tree.write(path, edit(textOf(tree, path), provider));
  } catch (cause) {
    throw new Error(`${path} has no place for ${provider.name}`, { cause });
  }
}

function textOf(tree: Tree, path: string): string {
  const text = tree.read(path, 'utf8');
  if (text === null) throw new Error(`${path} is not there`);
  return text;
}

const whatIsLeft = ({ name, Name }: NewProvider): string => `
apps/${name}-gateway is there. docs/add-a-provider.md goes on from here:

  npm run docs && npm run k8s       what is generated, with ${Name} in it
  npm run check                     everything that needs no broker
  npx nx test @hutong/${name}-gateway   the conformance suite: fails where something is not written yet

Only ${Name}'s documents say
  apps/${name}-gateway/src                what throws NotWrittenYet
  apps/provider-sandbox/src/${name}       ${Name}'s side: its API, what may go wrong, how payers pay
  apps/routing/src/offer/offer.ts      the most that one order can ask: nothing yet
  apps/routing/src/policy/acceptance.ts   whose apps it takes, and how they pay: none yet
  apps/ledger/contract-rates.json      what it costs: nothing yet
  k8s/base/${name}-gateway/config.env     where it is in production
and, if it has an app of its own, an instrument in libs/domain-events/src/method.ts.
`;
