import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from '../k8s/repository.js';

/** One metric as the code registers it. */
export type RegisteredMetric = Readonly<{
  name: string;
  kind: 'counter' | 'gauge' | 'histogram';
  /** What it counts, in the words that `/metrics` shows. */
  help: string;
  labels: readonly string[];
  /** The file that registers it, from the repository's root. */
  path: string;
}>;

const REGISTERS = /\bmetrics\??\.(counter|gauge|histogram)\(/;
const KINDS = ['counter', 'gauge', 'histogram'] as const;

/**
 * Every metric that an app or a lib registers, read from their sources: a service shows some only once it
 * does something.
 * @throws Error naming the file where a name, help or label is no literal.
 */
export function registeredMetrics(): RegisteredMetric[] {
  return globSync('{apps,libs}/*/src/**/*.ts', { cwd: root })
    .filter((path) => !/\.(spec|examples)\.ts$|\/generated\//.test(path))
    .toSorted()
    .flatMap(metricsIn);
}

function metricsIn(path: string): RegisteredMetric[] {
  const text = readFileSync(join(root, path), 'utf8');
  if (!REGISTERS.test(text)) return [];
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return callsIn(source).flatMap((call) => metricIn(call, path) ?? []);
}

const callsIn = (node: ts.Node): ts.CallExpression[] => [
  ...(ts.isCallExpression(node) ? [node] : []),
  ...node.getChildren().flatMap(callsIn),
];

/** @returns undefined if the call is of something else. */
export function metricIn(call: ts.CallExpression, path: string): RegisteredMetric | undefined {
  const { expression, arguments: args } = call;
  if (!ts.isPropertyAccessExpression(expression)) return undefined;
  const kind = KINDS.find((one) => one === expression.name.text);
  if (kind === undefined || !expression.expression.getText().endsWith('metrics')) return undefined;
  const [name, help, labels] = args;
  return {
    name: literal(name, path),
    kind,
    help: literal(help, path),
    labels: labels === undefined ? [] : listed(labels, path),
    path,
  };
}

function literal(node: ts.Node | undefined, path: string): string {
  if (node !== undefined && ts.isStringLiteralLike(node)) return node.text;
  throw new Error(`${path} registers a metric by ${node?.getText() ?? 'nothing'}: no literal`);
}

function listed(node: ts.Node, path: string): string[] {
  if (ts.isArrayLiteralExpression(node)) return node.elements.map((one) => literal(one, path));
  throw new Error(`${path} registers a metric with ${node.getText()}: no list of labels`);
}
