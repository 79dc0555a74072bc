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
  const shared = sharedConfigClasses();
  const store = shared.find(({ name }) => name === 'StoreEnv');
  return {
    serve: new Map(fieldsOf(configClassOf(app), shared)),
    migrate: new Map(store?.fields.map(kindOf)),
  };
}

/** A class whose properties are variables of the environment, as it is declared. */
export type ConfigClass = Readonly<{
  path: string;
  name: string;
  parent: string | undefined;
  /** Its own, without what it inherits. */
  fields: readonly ts.PropertyDeclaration[];
}>;

/** What all services have in common. */
export const sharedConfigClasses = (): ConfigClass[] => SHARED.flatMap(classesIn);

/** @returns what the app's service reads. @throws Error if there is not exactly one such class. */
export function configClassOf(app: string): ConfigClass {
  const files = globSync(`apps/${app}/src/*.config.ts`, { cwd: root });
  const classes = files.flatMap(classesIn).filter(({ name }) => name.endsWith('Env'));
  const [own, ...others] = classes;
  if (own === undefined || others.length > 0) {
    throw new Error(`${app} has ${classes.length} classes of configuration`);
  }
  return own;
}

/** With what it inherits, the eldest first. */
function fieldsOf(one: ConfigClass, classes: readonly ConfigClass[]): ConfigFields {
  const parent = classes.find(({ name }) => name === one.parent);
  const inherited = parent === undefined ? [] : fieldsOf(parent, classes);
  return new Map([...inherited, ...one.fields.map(kindOf)]);
}

function classesIn(path: string): ConfigClass[] {
  const text = readFileSync(join(root, path), 'utf8');
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return source.statements.filter(ts.isClassDeclaration).map((declared) => ({
    path,
    name: declared.name?.text ?? '',
    parent: declared.heritageClauses?.[0]?.types[0]?.expression.getText(source),
    fields: declared.members.filter(ts.isPropertyDeclaration),
  }));
}

const kindOf = (field: ts.PropertyDeclaration): [string, 'needed' | 'optional'] => {
  const isOptional = field.initializer !== undefined || field.questionToken !== undefined;
  return [field.name.getText(), isOptional ? 'optional' : 'needed'];
};
