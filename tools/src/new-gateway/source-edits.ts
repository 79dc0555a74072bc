import ts from 'typescript';

/**
 * Small edits of TypeScript sources by what their code says, not by how it is laid out. Prettier sees to
 * the layout afterwards.
 */

type Named = ts.VariableDeclaration | ts.PropertyAssignment;
type Listing = ts.ObjectLiteralExpression | ts.ArrayLiteralExpression;

/**
 * Adds a last entry to an object or array.
 * @param name of the variable or property that holds it. @throws Error if no such thing is there.
 */
export function withEntry(source: string, name: string, entry: string): string {
  const listing = listingOf(parsed(source), name);
  if (listing === undefined) throw new Error(`no object or array is called ${name}`);
  const entries = entriesOf(listing);
  const separator = entries.length === 0 || entries.hasTrailingComma ? '' : ',';
  return insertedAt(source, listing.getEnd() - 1, `${separator} ${entry}`);
}

/** Adds a last member to a type of named members. @throws Error if no such thing is there. */
export function withTypeMember(source: string, type: string, member: string): string {
  const alias = parsed(source).statements.find(
    (statement): statement is ts.TypeAliasDeclaration =>
      ts.isTypeAliasDeclaration(statement) && statement.name.text === type,
  );
  const literal = alias && literalIn(alias.type);
  if (literal === undefined) throw new Error(`no type is called ${type}`);
  return insertedAt(source, literal.getEnd() - 1, ` ${member};`);
}

/** Adds an import behind the last one. */
export function withImport(source: string, line: string): string {
  const last = parsed(source).statements.findLast((statement) => ts.isImportDeclaration(statement));
  if (last === undefined) throw new Error('nothing is imported');
  return insertedAt(source, last.getEnd(), `\n${line}`);
}

/** Adds a member to a class, before the one of that name. @throws Error if no such thing is there. */
export function withMember(source: string, before: string, member: string): string {
  const members = parsed(source)
    .statements.filter((statement) => ts.isClassDeclaration(statement))
    .flatMap((declared) => [...declared.members]);
  const place = members.find((one) => one.name?.getText() === before);
  if (place === undefined) throw new Error(`no member is called ${before}`);
  return insertedAt(source, place.getFullStart(), `\n${member}`);
}

/** Adds a line before the one that begins with `before`. @throws Error if no such line is there. */
export function withLine(source: string, before: string, line: string): string {
  const lines = source.split('\n');
  const place = lines.findIndex((one) => one.trimStart().startsWith(before));
  if (place === -1) throw new Error(`no line begins with ${before}`);
  return lines.toSpliced(place, 0, line).join('\n');
}

/** The numbers in an object, by their names. */
export function numbersIn(source: string, name: string): ReadonlyMap<string, number> {
  const listing = listingOf(parsed(source), name);
  const entries = listing === undefined ? [] : [...entriesOf(listing)];
  return new Map(
    entries
      .filter((entry) => ts.isPropertyAssignment(entry))
      .map(({ name: key, initializer }) => [
        ts.isStringLiteral(key) ? key.text : key.getText(),
        Number(initializer.getText().replaceAll('_', '')),
      ]),
  );
}

const parsed = (source: string): ts.SourceFile =>
  ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true);

function listingOf(node: ts.Node, name: string): Listing | undefined {
  if (isNamed(node) && node.name.getText() === name && node.initializer !== undefined) {
    const value = withoutType(node.initializer);
    if (ts.isObjectLiteralExpression(value) || ts.isArrayLiteralExpression(value)) return value;
  }
  return ts.forEachChild(node, (child) => listingOf(child, name));
}

const isNamed = (node: ts.Node): node is Named =>
  ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node);

/** `x` of `x as const` and `x satisfies T`. */
const withoutType = (value: ts.Expression): ts.Expression =>
  ts.isAsExpression(value) || ts.isSatisfiesExpression(value)
    ? withoutType(value.expression)
    : value;

/** `{ … }`, also of `Readonly<{ … }>`. */
const literalIn = (type: ts.TypeNode): ts.TypeLiteralNode | undefined =>
  ts.isTypeLiteralNode(type)
    ? type
    : ts.forEachChild(type, (child) => (ts.isTypeNode(child) ? literalIn(child) : undefined));

const entriesOf = (listing: Listing): ts.NodeArray<ts.Node> =>
  ts.isObjectLiteralExpression(listing) ? listing.properties : listing.elements;

const insertedAt = (source: string, at: number, text: string): string =>
  source.slice(0, at) + text + source.slice(at);
