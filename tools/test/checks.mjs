import { buildArguments } from '../build.mjs';
import { generate } from '../generate.mjs';

/** Node 24 comes from npm: a script that fell back on the machine's own Node would test another one. */
export const runsNode24 = async () => {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= 24) return true;
  console.error(
    `this is Node ${process.versions.node}: run it through npm (npm test), which brings Node 24, or install Node 24`,
  );
  return false;
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
  ['project references are in step', (succeeds) => succeeds('nx', ['sync:check'])],
  ['format', (succeeds) => succeeds('prettier', ['--check', '--log-level=warn', '.'])],
  ['lint and boundaries', (succeeds) => succeeds('nx', ['run', '@hutong/source:lint'])],
];
