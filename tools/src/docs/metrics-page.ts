import { table } from './markdown.js';
import { NOTES, type Note } from './metric-notes.js';
import { registeredMetrics, type RegisteredMetric } from './registered-metrics.js';

/**
 * `docs/metrics.md`: every metric that the code registers, with what an operator does about it.
 * @throws Error naming a metric without a note, a note without a metric, or a place that has no section.
 */
export function metricsPage(
  metrics: readonly RegisteredMetric[] = registeredMetrics(),
  notes: Readonly<Record<string, Note>> = NOTES,
): string {
  const names = metrics.map(({ name }) => name);
  const left = Object.keys(notes).filter((name) => !names.includes(name));
  if (left.length > 0) throw new Error(`nobody registers ${left.join(', ')}`);
  const lost = metrics.filter(({ path }) => !SECTIONS.some(({ from }) => path.startsWith(from)));
  if (lost.length > 0) throw new Error(`no section has ${lost.map(({ name }) => name).join(', ')}`);
  return [
    INTRODUCTION,
    ...SECTIONS.flatMap(({ title, about, from }) => [
      `## ${title}`,
      ...(about === '' ? [] : [about]),
      table(
        ['metric', 'kind', 'labels', 'says', 'what to do about it', 'suggested alert'],
        metrics.filter(({ path }) => path.startsWith(from)).map((one) => rowOf(one, notes)),
      ),
    ]),
    NODE,
  ].join('\n\n');
}

const code = (text: string): string => `\`${text}\``;

function rowOf(
  { name, kind, help, labels }: RegisteredMetric,
  notes: Readonly<Record<string, Note>>,
): string[] {
  const note = notes[name];
  if (note === undefined) throw new Error(`${name} has no note`);
  const alert = note.alert === undefined ? 'none' : `${code(note.alert)}, ${note.for}`;
  return [code(name), kind, labels.map(code).join(', '), help, note.what, alert];
}

type Section = Readonly<{ title: string; about: string; from: string }>;

const SECTIONS: readonly Section[] = [
  {
    title: 'Events in and out',
    about:
      'Of every service with `ROLE=worker` or `all`; `hutong_outbox_…` not of the ledger, which tells nothing.',
    from: 'libs/messaging/',
  },
  {
    title: 'HTTP',
    about: 'Of every service with `ROLE=api` or `all`.',
    from: 'libs/http/',
  },
  { title: 'checkout', about: '', from: 'apps/checkout/' },
  { title: 'routing', about: '', from: 'apps/routing/' },
  { title: 'Gateways', about: 'Of each gateway.', from: 'libs/gateway/' },
  {
    title: 'ledger',
    about: 'These start at zero with each process: the books themselves are asked over HTTP.',
    from: 'apps/ledger/',
  },
  { title: 'Every process', about: '', from: 'libs/telemetry/' },
];

const INTRODUCTION = `# Metrics

Written by \`npm run docs\` from the code that registers them and from \`tools/src/docs/metric-notes.ts\`: change those, not this page. A metric that is in the code and not here, or here and not in the code, fails a spec.

Each process shows its own at \`/metrics\` of its [management port](configuration.md#the-variables-of-every-service), in Prometheus' text form. Every one also has the label \`service\`. Counters start at zero when a process starts.

The alerts are suggestions, as conditions of PromQL with the time for which they have to hold. They follow from how the code behaves and were never tried in production: start with them, and change what wakes you for nothing. Those with \`unless … offset\` see the first count of a series too, which \`increase\` alone does not. Where it says _none_, the figure explains others and is no reason to act by itself. The steps behind "a person" are in [operations](operations.md).

What there is no metric for: the pool of database connections, and the age of a backup.`;

const NODE = `## Node itself

\`process_…\` and \`nodejs_…\` are prom-client's defaults: processor time, resident memory, heap, event loop, open files. Two are worth an alert: \`nodejs_eventloop_lag_p99_seconds > 0.5\` for 5 minutes (the process has more work than a core does), and \`process_resident_memory_bytes\` above nine tenths of the pod's limit for 10 minutes ([where a pod's heap comes from](deploy.md#memory)).`;
