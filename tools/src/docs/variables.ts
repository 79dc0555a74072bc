import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { root } from '../k8s/repository.js';

/** One variable of the environment, in words. */
export type Variable = Readonly<{
  name: string;
  needed: boolean;
  /** What counts where it is not set. */
  fallback: string | undefined;
  /** What its text must be. */
  shape: string;
  about: string;
}>;

/**
 * What the declaration of a property says of the variable of its name: the docstring what it means, its
 * rules what it must be.
 * @throws Error naming a variable without a docstring, or a rule that nobody has put in words.
 */
export function variableOf(field: ts.PropertyDeclaration): Variable {
  const name = field.name.getText();
  const about = ts
    .getJSDocCommentsAndTags(field)
    .flatMap(({ comment }) => (typeof comment === 'string' ? [comment] : []))
    .join(' ')
    .replaceAll(/\s+/g, ' ');
  if (about === '') throw new Error(`${name} says nothing of itself`);
  const rules = ts.getDecorators(field) ?? [];
  return {
    name,
    needed: field.initializer === undefined && field.questionToken === undefined,
    fallback: field.initializer && textOf(field.initializer),
    shape: rules.flatMap((rule) => wordsOf(rule) ?? []).join(', '),
    about,
  };
}

const WORDS: Readonly<Record<string, string | undefined>> = {
  IsOptional: undefined,
  IsNotEmpty: undefined,
  IsString: 'text',
  IsPort: 'a port',
  IsUrl: 'an http or https address',
  IsHttpUrl: 'an http or https address',
  IsHostList: '`host:port`, separated by commas',
  IsReadableFile: 'path of a file',
  IsReadableDirectory: 'path of a folder',
  IsDatabaseUrl: '`postgresql://user@host:port/database?sslmode=…`, without a password',
};

/** @returns undefined for a rule that says nothing about the text. @throws Error for one that is not known here. */
function wordsOf(rule: ts.Decorator): string | undefined {
  const call = rule.expression;
  if (!ts.isCallExpression(call)) throw new Error(`${rule.getText()} is no rule`);
  const name = call.expression.getText();
  if (name === 'IsIn') return choicesIn(call.arguments[0]).map(code).join(', ');
  if (name === 'IsWholeNumber') return `a whole number, ${call.arguments.map(textOf).join(' to ')}`;
  if (name === 'Matches') return wordsIn(call);
  if (!(name in WORDS)) throw new Error(`${name} has no words`);
  return WORDS[name];
}

const code = (text: string): string => `\`${text}\``;

/** `$property must be a list`: what it must be. */
function wordsIn(call: ts.CallExpression): string {
  const [, words] = /message: '\$property must be ([^']+)'/.exec(call.getText()) ?? [];
  if (words === undefined) throw new Error(`a rule of ${call.getText()} has no message`);
  return words;
}

/** Of a list that is written there, or a constant of the file or of one that it imports. */
function choicesIn(list: ts.Node | undefined): string[] {
  const written = list && ts.isIdentifier(list) ? constantNamed(list) : list;
  const array = written && ts.isAsExpression(written) ? written.expression : written;
  if (array === undefined || !ts.isArrayLiteralExpression(array)) {
    throw new Error(`${list?.getText()} is no list of choices`);
  }
  return array.elements.map(textOf);
}

function constantNamed(name: ts.Identifier): ts.Expression | undefined {
  const source = name.getSourceFile();
  const imported = source.statements
    .filter(ts.isImportDeclaration)
    .find(({ importClause }) => importClause?.getText().includes(name.text));
  const file = imported === undefined ? source : sourceAt(source, textOf(imported.moduleSpecifier));
  return file.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => [...declarationList.declarations])
    .find((declared) => declared.name.getText() === name.text)?.initializer;
}

function sourceAt(from: ts.SourceFile, specifier: string): ts.SourceFile {
  const path =
    specifier === '@hutong/config'
      ? 'libs/config/src/service-env.ts'
      : join(dirname(from.fileName), specifier.replace(/\.js$/, '.ts'));
  const text = readFileSync(join(root, path), 'utf8');
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

/** Of a literal, as one would write it into the environment. */
const textOf = (node: ts.Expression): string =>
  ts.isStringLiteral(node) ? node.text : node.getText().replaceAll('_', '');

/** The number that a file of configuration calls `PORT`. @throws Error if there is none. */
export function ownPort(path: string): string {
  const [, port] = /^const PORT = ([\d_]+);$/m.exec(readFileSync(join(root, path), 'utf8')) ?? [];
  if (port === undefined) throw new Error(`${path} has no port of its own`);
  return port.replaceAll('_', '');
}
