import { withComposed } from './copied-manifests.js';
import type { NewProvider } from './provider-names.js';
import { withEntry, withImport, withLine, withMember, withTypeMember } from './source-edits.js';

type Edit = (source: string, provider: NewProvider) => string;

const SANDBOX = 'apps/provider-sandbox/src';

/**
 * What a further provider changes in files that others share: one entry each in the tables that name all
 * providers. Whatever only people can say stands at what lets nothing through: no presentation, no amount.
 */
export const sharedEdits: Readonly<Record<string, Edit>> = {
  'libs/domain-events/src/method.ts': (source, { name }) =>
    withEntry(source, 'PROVIDERS', `'${name}'`),
  'libs/domain-events/src/topics.ts': (source, { name }) =>
    withEntry(
      withEntry(source, 'gatewayTopic', `${name}: 'gateway.${name}'`),
      'gatewayService',
      `${name}: '${name}-gateway'`,
    ),
  'apps/routing/src/offer/offer.ts': (source, { name }) =>
    withEntry(source, 'settles', `${name}: { currencies: ['CNY'], most: 0n }`),
  'apps/routing/src/policy/acceptance.ts': (source, { name }) =>
    withEntry(source, 'acceptances', `${name}: { presentations: [], takes: () => false }`),
  'apps/routing/policy.schema.json': (source, { name }) =>
    source
      .replaceAll(/\(wechat\|[a-z0-9|]+/g, (providers) => `${providers}|${name}`)
      .replaceAll(/"enum":\s*\[\s*"wechat"[^\]]*/g, (listed) => `${listed}, "${name}"`),
  'apps/ledger/src/posting/codes.ts': (source, { name, code }) =>
    withEntry(source, 'providerCode', `${name}: ${code}`),
  'apps/ledger/src/posting/codes.spec.ts': (source, { name, code }) =>
    withSnapshotLine(source, 'providerCode', [name, code]),
  'apps/ledger/contract-rates.json': (source, { name }) =>
    `${source.trimEnd().replace(/\s*\]$/, '')},\n  { "provider": "${name}", "from": "2020-01-01", "feeBps": 0 }\n]\n`,
  'libs/world/src/well-known-ports.ts': (source, { name, port, sandboxPort, Name }) =>
    withEntry(
      withEntry(source, 'WELL_KNOWN_PORTS', `'${name}-gateway': ${port}`),
      'WELL_KNOWN_PORTS',
      `'${Name} at the sandbox': ${sandboxPort}`,
    ),
  'libs/world/src/ring-gateways.ts': (source, { name, Name, NAME }) =>
    withEntry(
      source,
      'GATEWAYS',
      `${name}: { side: '${Name} at the sandbox', address: { name: '${NAME}_BASE_URL', path: '/' } }`,
    ),
  'libs/world/src/account-files.ts': (source, { name }) =>
    withEntry(
      source,
      'WORDS',
      `${name}: (shown, keep) => ({ privateKeyFile: keep('key.pem', shown('privateKeyPem')) })`,
    ),
  'libs/world/src/account-files.spec.ts': (source, { name }) =>
    withEntry(
      source,
      'PORTALS',
      `${name}: { account: 'taobao', platform: 'taobao', privateKeyPem: 'secret one' }`,
    ),
  'libs/world/src/provider-control.ts': (source, { name }) =>
    withEntry(
      withTypeMember(
        withTypeMember(source, 'OrderViews', `${name}: Told & Readonly<{ orderNumber: string }>`),
        'Calls',
        `${name}: Common`,
      ),
      'NUMBER',
      `${name}: 'orderNumber'`,
    ),
  'libs/world/src/shown-order.ts': (source, { name }) =>
    withEntry(source, 'KNOWN_BY', `${name}: () => undefined`),
  'apps/e2e/src/ring-state.examples.ts': (source, { name }) =>
    withEntry(source, 'KEPT', `'${name}-gateway': GATEWAY`),
  'docker-compose.yml': withComposed,
  'tools/compose/secrets.mjs': (source, { name }) =>
    withEntry(source, 'GATEWAYS', `'${name}-gateway'`),
  [`${SANDBOX}/sandbox.config.ts`]: (source, { name, Name, NAME, sandboxPort }) =>
    withEntry(
      withMember(
        source,
        'PROXY_PORT',
        `  /** ${Name}'s API. */\n  @IsPort() ${NAME}_PORT: number = ${sandboxPort};`,
      ),
      'ports',
      `${name}: e.${NAME}_PORT`,
    ),
  [`${SANDBOX}/sandbox.config.spec.ts`]: (source, { name, sandboxPort }) =>
    withEntry(source, 'ports', `${name}: ${sandboxPort}`),
  [`${SANDBOX}/main.ts`]: (source, { Name, NAME, sandboxPort }) =>
    withLine(
      source,
      'PROXY_PORT',
      `${`${NAME}_PORT`.padEnd(17)}${sandboxPort}        ${Name}'s API`,
    ),
  [`${SANDBOX}/played-providers.module.ts`]: (source, { name, Name, NAME }) =>
    withEntry(
      [
        `import { open${Name}, ${NAME}_HOSTS } from './${name}/open-${name}.adapter.js';`,
        `import { ${NAME}_CATALOGUE } from './${name}/${name}-faults.js';`,
        `import { ${Name}ControlController } from './${name}/${name}-control.controller.js';`,
      ].reduce(withImport, source),
      'played',
      `{
        name: '${name}',
        open: open${Name},
        hosts: ${NAME}_HOSTS,
        controllers: [${Name}ControlController],
        faults: ${NAME}_CATALOGUE,
        pageForms: [],
      }`,
    ),
  'k8s/components/dev-dependencies/provider-sandbox.yaml': (source, { name, NAME, sandboxPort }) =>
    [
      ['- { name: PROXY_PORT,', `            - { name: ${NAME}_PORT, value: '${sandboxPort}' }`],
      [
        '- { name: management, containerPort',
        `            - { name: ${name}, containerPort: ${sandboxPort} }`,
      ],
      [
        '- { name: management, port',
        `    - { name: ${name}, port: ${sandboxPort}, targetPort: ${name} }`,
      ],
    ].reduce((text, [before = '', line = '']) => withLine(text, before, line), source),
  'tsconfig.json': (source, { name }) => withReference(source, `./apps/${name}-gateway`),
};

/** In an inline snapshot, whose lines are sorted. */
function withSnapshotLine(
  source: string,
  block: string,
  [word, number]: readonly [word: string, number: number],
): string {
  const whole = new RegExp(`^( *)"${block}": \\{\\n([^}]*)^ *\\},`, 'm');
  return source.replace(whole, (found, indent: string, inner: string) => {
    const lines = [...inner.trimEnd().split('\n'), `${indent}  "${word}": ${number},`];
    return found.replace(inner, `${lines.toSorted().join('\n')}\n`);
  });
}

/** As `nx sync` would add it. */
function withReference(source: string, path: string): string {
  const before = source.indexOf('"path": "./libs/');
  const place = source.lastIndexOf('{', before);
  return `${source.slice(0, place)}{ "path": "${path}" }, ${source.slice(place)}`;
}
