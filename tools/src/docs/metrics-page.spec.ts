import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { NOTES } from './metric-notes.js';
import { metricsPage } from './metrics-page.js';
import { metricIn, registeredMetrics, type RegisteredMetric } from './registered-metrics.js';

const page = metricsPage();
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.slice(2, -2).split(' | '));

const aMetric = (change: Partial<RegisteredMetric>): RegisteredMetric => ({
  name: 'hutong_spec_total',
  kind: 'counter',
  help: 'Things.',
  labels: [],
  path: 'apps/checkout/src/spec.ts',
  ...change,
});
const note = { what: 'Nothing.' };

describe('the page of metrics', () => {
  it('has every metric that the code registers, once, and no other', () => {
    const registered = registeredMetrics().map(({ name }) => `\`${name}\``);

    expect(rows.map(([name]) => name).toSorted()).toEqual(registered.toSorted());
    expect(new Set(registered).size).toBe(registered.length);
    expect(registered.length).toBeGreaterThan(35);
  });

  it('says of each its kind, what it means and what to do', () => {
    const lacking = rows.filter(
      (cells) => cells.length !== 6 || cells[3] === '' || cells[4] === '',
    );

    expect(lacking).toEqual([]);
    expect(rows).toContainEqual([
      '`hutong_consumer_joined`',
      'gauge',
      '',
      '1 while this instance is a member of its group.',
      NOTES['hutong_consumer_joined']?.what,
      '`hutong_consumer_joined == 0`, for 3 minutes',
    ]);
  });

  it('alerts on metrics that are there, with labels that they have', () => {
    const known = registeredMetrics();
    const strange = Object.entries(NOTES).flatMap(([name, { alert = '' }]) => {
      const labels = known.find((one) => one.name === name)?.labels ?? [];
      const named = [...alert.matchAll(/(\w+)=~?"/g)].map(([, label = '']) => label);
      const isAbout = alert === '' || alert.includes(name);
      return isAbout && named.every((label) => labels.includes(label)) ? [] : [name];
    });

    expect(strange).toEqual([]);
  });

  it('cannot be made without a note, with a note too many, or without a place', () => {
    const notes = { hutong_spec_total: note };

    expect(metricsPage([aMetric({})], notes)).toContain('`hutong_spec_total`');
    expect(() => metricsPage([aMetric({})], {})).toThrow('hutong_spec_total has no note');
    expect(() => metricsPage([], notes)).toThrow('nobody registers hutong_spec_total');
    expect(() => metricsPage([aMetric({ path: 'libs/money/src/x.ts' })], notes)).toThrow(
      'no section has hutong_spec_total',
    );
  });
});

describe('a registration', () => {
  const read = (text: string) => {
    const source = ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest, true);
    const [statement] = source.statements;
    if (statement === undefined || !ts.isExpressionStatement(statement)) throw new Error('no call');
    const call = statement.expression;
    if (!ts.isCallExpression(call)) throw new Error('no call');
    return metricIn(call, 'x.ts');
  };

  it('is read with its labels', () => {
    expect(read("this.metrics?.gauge('rows', 'Rows.', ['topic'])")).toEqual({
      name: 'rows',
      kind: 'gauge',
      help: 'Rows.',
      labels: ['topic'],
      path: 'x.ts',
    });
  });

  it('of something else is none', () => {
    expect(read("shop.counter('left', 'At the door.')")).toBeUndefined();
  });

  it.each<{ text: string; fault: string }>([
    { text: "metrics.counter(NAME, 'What.')", fault: 'x.ts registers a metric by NAME' },
    { text: "metrics.gauge('rows')", fault: 'x.ts registers a metric by nothing' },
    {
      text: "metrics.gauge('rows', 'Rows.', LABELS)",
      fault: 'x.ts registers a metric with LABELS',
    },
  ])('that cannot be read is a fault: $fault', ({ text, fault }) => {
    expect(() => read(text)).toThrow(fault);
  });
});
