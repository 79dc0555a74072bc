/**
 * Who may import whom, as Nx's `depConstraints` over the tags in each package.json. What a constraint
 * does not list is forbidden; every constraint whose tag a package has must agree.
 */
const may = (tag, packages, npm) => ({
  sourceTag: tag,
  onlyDependOnLibsWithTags: packages,
  ...(npm && { allowedExternalImports: npm }),
});

const WIRES = ['class-validator', 'class-transformer', 'reflect-metadata'];
const BELOW_APPS = ['type:pure', 'type:contract', 'type:shell'];

/** A shell lib's own concern, from npm. */
const shells = {
  config: WIRES,
  database: ['pg', '@prisma/*'],
  gateway: ['@nestjs/*', 'jose', 'pg', 'rxjs', ...WIRES],
  http: ['@nestjs/*', 'express', 'helmet', 'rxjs', ...WIRES],
  messaging: ['kafkajs', '@nestjs/*', 'pg', 'rxjs', 'reflect-metadata'],
  openapi: ['@nestjs/*', 'reflect-metadata'],
  telemetry: ['pino', 'prom-client', '@nestjs/common'],
};

/** What every app may take from npm; what one app alone needs is added to that one, by its name. */
const APP_NPM = ['@nestjs/*', '@prisma/*', 'express', 'rxjs', ...WIRES];

export const sourceConstraints = [
  may('type:pure', ['type:pure'], []),
  may('type:contract', ['type:pure', 'type:contract'], WIRES),
  may('type:shell', BELOW_APPS),
  ...Object.entries(shells).map(([name, npm]) => may(`scope:${name}`, ['*'], npm)),
  may('type:app', BELOW_APPS, APP_NPM),
  may('type:testing', [...BELOW_APPS, 'type:testing']),
  may('type:tool', [...BELOW_APPS, 'type:testing']),
  may('type:e2e', [...BELOW_APPS, 'type:testing']),
];

/** Specs and tool configuration take any tool from npm, and specs alone reach `type:testing`. */
export const specConstraints = [
  may('type:pure', ['type:pure']),
  may('type:contract', ['type:pure', 'type:contract']),
  ...['type:shell', 'type:app', 'type:testing', 'type:tool', 'type:e2e'].map((type) =>
    may(type, [...BELOW_APPS, 'type:testing']),
  ),
];
