import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';
import { sourceConstraints, specConstraints } from './tools/lint/boundaries.mjs';
import { pureGlobals, pureImports, pureSyntax, SHELL_ROLES } from './tools/lint/pure-files.mjs';

/** Of the Node that runs this, so that no list of them has to be kept. */
const NODE_GLOBALS = Object.fromEntries(
  Object.getOwnPropertyNames(globalThis).map((name) => [name, 'readonly']),
);
const SHELL_LIBS =
  'libs/{config,database,gateway,http,messaging,openapi,telemetry,testing,world}/**';
// `x.examples.ts` is what several specs share; it is not built either.
const SPECS = ['**/*.{spec,examples}.ts'];
const SHELL_FILES = [
  `**/*.{${[...SHELL_ROLES, 'spec', 'examples'].join(',')}}.ts`,
  '**/{main,index}.ts',
  SHELL_LIBS,
];

const boundaries = (depConstraints) => ({
  '@nx/enforce-module-boundaries': ['error', { depConstraints, allow: [] }],
});
const imports = (...patterns) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { patterns }],
});
const syntax = (...selectors) => ({ 'no-restricted-syntax': ['error', ...selectors] });

const APPS = {
  regex: `^@hutong/(${readdirSync(join(import.meta.dirname, 'apps')).join('|')})$`,
  message: 'Apps share events and nothing else.',
};
const DEEP = { regex: '^@hutong/[^/]+/.', message: 'A lib speaks through its index.ts.' };
/** The suite that every gateway passes: its specs alone reach behind the index for it. */
const DEEP_BUT_CONFORMANCE = { ...DEEP, regex: '^@hutong/(?!gateway/conformance$)[^/]+/.' };
const KAFKAJS = { regex: '^kafkajs(/|$)', message: 'Only libs/messaging imports kafkajs.' };
const PRISMA = { regex: '/generated/', message: 'Only repositories know Prisma.' };
const BLIND_CASTS = [
  'TSAsExpression > :matches(TSAnyKeyword, TSNeverKeyword)',
  'TSAsExpression > TSAsExpression:not(:has(> TSTypeReference[typeName.name="const"]))',
  'TSTypeAssertion',
].map((selector) => ({ selector, message: 'This cast silences the compiler: parse or narrow.' }));
const ENVIRONMENT = {
  selector: 'MemberExpression[object.name="process"][property.name="env"]',
  message: 'Only main.ts reads the environment; the rest takes typed configuration.',
};
const LEFT_OUT_SPECS = {
  selector:
    'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(skip|only|todo|failing)$/]',
  message: 'A spec runs or is not there.',
};

export default tseslint.config(
  { ignores: ['**/{dist,out-tsc,generated,coverage,node_modules}/**', '.nx/**'] },
  // A rule is not disabled in a comment: such a comment is itself reported.
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  eslint.configs.recommended,
  { files: ['**/*.mjs'], languageOptions: { globals: NODE_GLOBALS } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    plugins: { '@nx': nx },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      ...boundaries(sourceConstraints),
      ...imports(APPS, DEEP, KAFKAJS),
      ...syntax(...BLIND_CASTS),
      'no-console': 'error',
      'no-undef': 'off', // the compiler knows better
      eqeqeq: 'error',
      '@typescript-eslint/ban-ts-comment': ['error', { minimumDescriptionLength: 1000 }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/require-await': 'off', // `async` turns a throw into a rejection: on purpose
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { allowDefaultCaseForExhaustiveSwitch: true, considerDefaultExhaustiveForUnions: false },
      ],
    },
  },
  { files: ['libs/messaging/**/*.ts'], rules: imports(APPS, DEEP) },
  {
    files: ['apps/*/src/**/*.ts'],
    ignores: ['**/main.ts', ...SPECS],
    rules: syntax(...BLIND_CASTS, ENVIRONMENT),
  },
  {
    files: ['apps/*/src/**/*.ts'],
    ignores: ['**/*.{repository,module}.ts', '**/main.ts', ...SPECS],
    rules: imports(APPS, DEEP, KAFKAJS, PRISMA),
  },
  {
    files: ['{apps,libs}/*/src/**/*.ts'],
    ignores: SHELL_FILES,
    rules: {
      ...imports(APPS, DEEP, ...pureImports()),
      ...syntax(...BLIND_CASTS, ...pureSyntax),
      'no-restricted-globals': ['error', ...pureGlobals],
    },
  },
  {
    // Shapes of a wire: what class-validator and class-transformer decorate, and OpenAPI describes.
    files: ['libs/domain-events/src/**/*.ts', 'apps/*/src/**/*.wire.ts'],
    ignores: SHELL_FILES,
    rules: imports(
      APPS,
      DEEP,
      ...pureImports('class-validator', 'class-transformer', 'reflect-metadata', '@nestjs/swagger'),
    ),
  },
  {
    files: ['apps/*/src/**/*.signature.ts'],
    rules: imports(APPS, DEEP, ...pureImports('node:crypto')),
  },
  {
    files: SPECS,
    rules: {
      ...boundaries(specConstraints),
      ...syntax(...BLIND_CASTS, LEFT_OUT_SPECS),
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['apps/*-gateway/src/**/*.{spec,examples}.ts'],
    rules: imports(APPS, DEEP_BUT_CONFORMANCE, KAFKAJS),
  },
  { files: ['tools/**'], rules: { 'no-console': 'off' } },
  {
    // Read by tools outside of any tsconfig.
    files: ['{apps,libs}/*/*.config.ts'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false } },
    rules: boundaries(specConstraints),
  },
);
