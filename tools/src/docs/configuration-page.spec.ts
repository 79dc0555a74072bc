import { describe, expect, it } from '@jest/globals';
import { SERVICES } from '@hutong/domain-events';
import ts from 'typescript';
import { configFieldsOf } from '../k8s/config-fields.js';
import { configurationPage } from './configuration-page.js';
import { variableOf } from './variables.js';

const page = configurationPage();

/** Rows of the tables of variables under a heading, as cells. */
const rowsUnder = (heading: string): string[][] => {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  const [own = ''] = section.split('\n## ');
  return own
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.slice(2, -2).split(' | '));
};
const namesUnder = (heading: string) => rowsUnder(heading).map(([name = '']) => name.slice(1, -1));

describe('the page of configuration', () => {
  it.each(SERVICES)('has every variable that %s reads, and no other', (service) => {
    const read = [...configFieldsOf(service).serve.keys()];
    const said = [...namesUnder('The variables of every service'), ...namesUnder(service)];

    expect(said.toSorted()).toEqual(read.toSorted());
  });

  it('has every variable that commands read', () => {
    const read = SERVICES.flatMap((service) => [...configFieldsOf(service).migrate.keys()]);

    expect(namesUnder('Commands').toSorted()).toEqual([...new Set(read)].toSorted());
  });

  it('says of each what it must be and what it means', () => {
    const rows = [...SERVICES, 'The variables of every service', 'Commands', 'provider-sandbox']
      .flatMap(rowsUnder)
      .filter((cells) => cells.length !== 4 || cells.some((cell) => cell.trim() === ''));

    expect(rows).toEqual([]);
  });

  type Row = { under: string; row: string[] };
  it.each<Row>([
    {
      under: 'The variables of every service',
      row: [
        '`KAFKA_TLS`',
        '`disable`',
        '`disable`, `enable`',
        'Whether it speaks TLS with the broker.',
      ],
    },
    {
      under: 'The variables of every service',
      row: [
        '`DATABASE_POOL_SIZE`',
        '`10`',
        'a whole number, 2 to 200',
        'Connections of this process; the handlers in flight share them.',
      ],
    },
    {
      under: 'routing',
      row: ['`POLICIES_DIR`', '**needed**', 'path of a folder', 'A policy file for each platform.'],
    },
  ])('says $row', ({ under, row }) => {
    expect(rowsUnder(under)).toContainEqual(row);
  });

  it.each`
    service       | port    | management
    ${'checkout'} | ${3000} | ${9000}
    ${'ledger'}   | ${3002} | ${9002}
  `('says that $service listens on $port and $management', ({ service, port, management }) => {
    expect(page).toContain(`| ${service} | ${port} | ${management} |`);
  });
});

describe('a variable', () => {
  const declared = (text: string): ts.PropertyDeclaration => {
    const source = ts.createSourceFile(
      'apps/x/src/x.config.ts',
      `class Env {\n${text}\n}`,
      ts.ScriptTarget.Latest,
      true,
    );
    const [found] = source.statements
      .filter(ts.isClassDeclaration)
      .flatMap(({ members }) => members.filter(ts.isPropertyDeclaration));
    if (found === undefined) throw new Error('nothing is declared');
    return found;
  };

  it.each<{ text: string; fault: string }>([
    { text: '@IsPort() LONELY_PORT!: number;', fault: 'LONELY_PORT says nothing of itself' },
    { text: '/** What? */ @IsBrave() KNIGHT!: string;', fault: 'IsBrave has no words' },
    { text: '/** Which? */ @IsIn(NOBODY) CHOICE!: string;', fault: 'NOBODY is no list of choices' },
  ])('that cannot be told is a fault: $fault', ({ text, fault }) => {
    expect(() => variableOf(declared(text))).toThrow(fault);
  });
});
