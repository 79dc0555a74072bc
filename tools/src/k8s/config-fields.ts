import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './repository.js';

/** The variables that one class of configuration reads. `optional` has a default or may be left out. */
export type ConfigFields = ReadonlyMap<string, 'needed' | 'optional'>;

const SHARED = 'libs/config/src/service-env.ts';

/**
 * What the app's service reads (`serve`) and what its migration does (`migrate`), from the classes in
 * its `*.config.ts`. Their source is read, not run: they are the app's own, and nobody may import them.
 */
export function configFieldsOf(app: string): Readonly<Record<'serve' | 'migrate', ConfigFields>> {
  const files = globSync(`apps/${app}/src/*.config.ts`, { cwd: root });
  const classes = [SHARED, ...files].flatMap(classesIn);
  const serving = classes.filter(
    ({ name }) => /(?<!Store)Env$/.test(name) && name !== 'ServiceEnv',
  );
  const [own, ...others] = serving;
  if (own === undefined || others.length > 0) {
    throw new Error(`${app} has ${serving.length} classes of configuration`);
  }
  const store = classes.find(({ name }) => name === 'StoreEnv');
  const shared = classes.find(({ name }) => name === own.parent);
  return {
    serve: new Map([...(shared?.fields ?? []), ...own.fields]),
    migrate: store?.fields ?? new Map(),
  };
}

type Class = Readonly<{ name: string; parent: string | undefined; fields: ConfigFields }>;

function classesIn(path: string): Class[] {
  const text = readFileSync(join(root, path), 'utf8');
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return source.statements.filter(ts.isClassDeclaration).map((declared) => ({
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
