import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { buildArguments } from '../build.mjs';
import { generate } from '../generate.mjs';

const root = join(import.meta.dirname, '../..');

/** Node 24 comes from npm: a script that fell back on the machine's own Node would test another one. */
export const runsNode24 = async () => {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= 24) return true;
  console.error(
    `this is Node ${process.versions.node}: run it through npm (npm test), which brings Node 24, or install Node 24`,
  );
  return false;
};

/** Documents that are made from code are what would be made now. It needs the build. */
const docsAreUpToDate = async () => {
  const docs = join(import.meta.dirname, '../dist/docs/main.js');
  const options = { stdio: 'inherit', timeout: 60_000 };
  return spawnSync(process.execPath, [docs, '--check'], options).status === 0;
};

/** The committed manifests are what would be rendered now; without a renderer that is said aloud. It needs the build. */
const manifestsAreUpToDate = async () => {
  const { manifests } = await import('../dist/k8s/manifests-command.js');
  return (await manifests(['--check'])) === 0;
};

/** Everything that others wrote is under a licence of our list. It needs the build. */
const licencesAreAllowed = async () => {
  const { licenceProblems } = await import('../dist/licences/licences.js');
  const { lockedPackages } = await import('../dist/licences/locked-packages.js');
  const packages = lockedPackages(root);
  const problems = licenceProblems(packages);
  for (const problem of problems) console.error(problem);
  console.log(`${packages.length} packages, ${problems.length} under a licence of no list`);
  return problems.length === 0;
};

/** Nothing is known against what is installed to run; of a registry that does not say, that is said. */
const nothingIsKnownAgainst = async () => {
  const { askRegistry } = await import('../dist/audit/ask-registry.js');
  const audit = await askRegistry(root);
  if (audit.kind === 'not_answered') return { notRun: `no advisories were seen: ${audit.why}` };
  if (audit.kind === 'clean') console.log(`nothing grave against ${audit.packages} packages`);
  else for (const advisory of audit.advisories) console.error(advisory);
  return audit.kind === 'clean';
};

/** What the end-to-end specs start: every package, compiled. */
export const builds = [
  ['node is 24 or later', runsNode24],
  ['clients are generated', async () => generate()],
  ['build', (succeeds) => succeeds('tsc', buildArguments())],
];

/** The checks that need no broker and no database, in the order in which they help each other. */
export const checks = [
  ...builds,
  ['types', (succeeds) => succeeds('tsc', ['--build', 'tsconfig.json'])],
  ['generated documents are up to date', docsAreUpToDate],
  ['k8s/rendered is up to date', manifestsAreUpToDate],
  ['licences of all packages', licencesAreAllowed],
  ['advisories against packages that run', nothingIsKnownAgainst],
  ['project references are in step', (succeeds) => succeeds('nx', ['sync:check'])],
  ['format', (succeeds) => succeeds('prettier', ['--check', '--log-level=warn', '.'])],
  ['lint and boundaries', (succeeds) => succeeds('nx', ['run', '@hutong/source:lint'])],
];
