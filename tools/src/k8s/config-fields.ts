import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './repository.js';

/** The variables that one class of configuration reads. `optional` has a default or may be left out. */
export type ConfigFields = ReadonlyMap<string, 'needed' | 'optional'>;

/** What the apps' own classes extend, and what that extends in turn. */
const SHARED = ['libs/config/src/service-env.ts', 'libs/config/src/broker-config.ts'];

/**
 * What the app's service reads (`serve`) and what its migration does (`migrate`), from the classes in
 * its `*.config.ts`. Their source is read, not run: they are the app's own, and nobody may import them.
 */
export function configFieldsOf(app: string): Readonly<Record<'serve' | 'migrate', ConfigFields>> {
  const files = globSync(`apps/${app}/src/*.config.ts`, { cwd: root });
  const classes = [...SHARED, ...files].flatMap(classesIn);
  const serving = classes.filter(
    ({ name, path }) => /(?<!Store)Env$/.test(name) && !SHARED.includes(path),
  );
  const [own, ...others] = serving;
  if (own === undefined || others.length > 0) {
    throw new Error(`${app} has ${serving.length} classes of configuration`);
  }
  const store = classes.find(({ name }) => name === 'StoreEnv');
  return {
    serve: new Map(fieldsOf(own, classes)),
    migrate: store?.fields ?? new Map(),
  };
}

type Class = Readonly<{
  path: string;
  name: string;
  parent: string | undefined;
  fields: ConfigFields;
}>;

/** With what it inherits, the eldest first. */
function fieldsOf(one: Class, classes: readonly Class[]): ConfigFields {
  const parent = classes.find(({ name }) => name === one.parent);
  const inherited = parent === undefined ? [] : fieldsOf(parent, classes);
  return new Map([...inherited, ...one.fields]);
}

function classesIn(path: string): Class[] {
  const text = readFileSync(join(root, path), 'utf8');
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return source.statements.filter(ts.isClassDeclaration).map((declared) => ({
    path,
    name: declared.name?.text ?? '',
    parent: declared.heritageClauses?.[0]?.types[0]?.expression.getText(source),
    fields: new Map(
      declared.members
        .filter(ts.isPropertyDeclaration)
        .map((field) => [field.name.getText(source), kindOf(field)] as const),
    ),
  }));
}

const kindOf = (field: ts.PropertyDeclaration) =>
  field.initializer !== undefined || field.questionToken !== undefined ? 'optional' : 'needed';
