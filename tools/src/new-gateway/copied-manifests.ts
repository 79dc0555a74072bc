import type { NewProvider } from './provider-names.js';
import { withLine } from './source-edits.js';

/**
 * A gateway's manifests say nothing that another's do not: they are copied, under other names. Of WeChat's,
 * whose only words of its own in them are where it is, and that what answers HTTP downloads its keys.
 */
export const MODEL = { name: 'wechat', port: 3_011, sandboxPort: 3_101 } as const;

const MANAGEMENT_OFFSET = 6_000;

/** The folders that are copied, each to where it is for the new one. */
export const manifestFolders = (name: string): readonly (readonly [from: string, to: string])[] => [
  [`k8s/base/${MODEL.name}-gateway`, `k8s/base/${name}-gateway`],
  [`k8s/tests/${MODEL.name}-alone`, `k8s/tests/${name}-alone`],
  [`k8s/tests/${MODEL.name}-tuned`, `k8s/tests/${name}-tuned`],
];

/** One of these files for the new provider. */
export const renamed = (text: string, { name, NAME, port, sandboxPort }: NewProvider): string =>
  text
    .replaceAll('https://api.mch.weixin.qq.com', `https://${name}.example`)
    .replaceAll('values: [worker, api]', 'values: [worker]')
    .replaceAll(MODEL.name.toUpperCase(), NAME)
    .replaceAll(MODEL.name, name)
    .replaceAll(String(MODEL.sandboxPort), String(sandboxPort))
    .replaceAll(String(MODEL.port), String(port))
    .replaceAll(String(MODEL.port + MANAGEMENT_OFFSET), String(port + MANAGEMENT_OFFSET));

/** The image that an overlay's services are built as. */
export const withImage = (source: string, { name }: NewProvider): string =>
  withLine(
    source,
    `- { name: hutong/${MODEL.name}-gateway,`,
    `  - { name: hutong/${name}-gateway, newTag: dev }`,
  );

/** The names under which an overlay's gateways are reached. */
export const withIngress = (source: string, { name }: NewProvider): string =>
  `${source.trimEnd()}
  - target: { kind: Ingress, name: ${name}-gateway }
    patch: |
      - { op: replace, path: /spec/rules/0/host, value: ${name}.pay.dev.example.com }
      - { op: replace, path: /spec/tls/0/hosts/0, value: ${name}.pay.dev.example.com }
`;

/** The composed system: two services more, and wherever else the gateway's name or secrets are told. */
export function withComposed(source: string, provider: NewProvider): string {
  const lines = source.split('\n');
  const from = lines.findIndex((line) => line.startsWith(`  ${MODEL.name}-gateway-migrations:`));
  const to = lines.findIndex((line, i) => i > from && isForeign(line));
  if (from === -1 || to === -1) throw new Error(`compose has no ${MODEL.name}-gateway`);
  return lines
    .flatMap((line, i) => {
      if (i === to) return [...lines.slice(from, to).map((one) => renamed(one, provider)), line];
      return (i < from || i > to) && isTold(line) ? [line, renamed(line, provider)] : [line];
    })
    .join('\n');
}

const isForeign = (line: string): boolean =>
  /^ {2}\S/.test(line) && !line.startsWith(`  ${MODEL.name}-gateway`);

const isTold = (line: string): boolean =>
  line.includes(`secrets-${MODEL.name}-gateway`) ||
  line.includes(`${MODEL.name.toUpperCase()}_NOTIFIES`);
