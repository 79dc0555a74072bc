import { basename, join, relative } from 'node:path';

/**
 * One jest project per kind of spec, so that only those that need a broker and a database pay for one:
 * `x.spec.ts` is pure, `x.int.spec.ts` runs against the fixtures that the global setup starts.
 */
const root = import.meta.dirname;

const shared = {
  testEnvironment: 'node',
  testEnvironmentOptions: {
    customExportConditions: ['@hutong/source', 'node', 'default'],
  },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['/dist/', '/out-tsc/'],
  injectGlobals: false,
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        module: { type: 'es6' },
        sourceMaps: 'inline',
        jsc: {
          target: 'es2022',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: {
            legacyDecorator: true,
            decoratorMetadata: true,
            useDefineForClassFields: false,
          },
        },
      },
    ],
  },
};

const kinds = {
  unit: {
    testMatch: ['**/src/**/*.spec.ts'],
    testPathIgnorePatterns: ['/node_modules/', '\\.int\\.spec\\.ts$', '\\.deep\\.spec\\.ts$'],
  },
  int: {
    testMatch: ['**/src/**/*.int.spec.ts'],
    globalSetup: join(root, 'libs/testing/jest/start-back-end.mjs'),
    globalTeardown: join(root, 'libs/testing/jest/stop-back-end.mjs'),
  },
  deep: {
    testMatch: ['**/src/**/*.deep.spec.ts'],
    globalSetup: join(root, 'libs/testing/jest/start-back-end.mjs'),
    globalTeardown: join(root, 'libs/testing/jest/stop-back-end.mjs'),
  },
};

/** The named kinds of spec of the package in `dir`, as jest projects. */
export function projectsAt(dir, ...wanted) {
  const name = relative(root, dir).replaceAll('\\', '/') || basename(dir);
  return wanted.map((kind) => ({
    ...shared,
    ...kinds[kind],
    rootDir: dir,
    id: `${name.replaceAll('/', '-')}-${kind}`,
    displayName: `${name} ${kind}`,
  }));
}

/** What `nx test <package>` runs: its unit and its integration specs. */
export const projectAt = (dir) => ({
  rootDir: dir,
  passWithNoTests: true,
  testTimeout: 60_000,
  projects: projectsAt(dir, 'unit', 'int'),
});
