import ts from 'typescript';

/** A test as a file really has it: what is commented out or skipped is none. */
export type FoundTest = Readonly<{
  /** As it is written, `$what` and all. */
  title: string;
  /** Every text and name in it, in its table, and in what it names of its file. */
  words: ReadonlySet<string>;
  /** The exported function that makes it, where the file leaves it to a spec to run it. */
  madeBy: string | undefined;
}>;

/** @param text of a TypeScript file. */
export function testsIn(text: string): FoundTest[] {
  const source = parsed(text);
  const named = declarationsIn(source);
  return callsIn(source).flatMap(({ call, within }) => {
    const [title] = call.arguments;
    if (!isTest(call.expression) || title === undefined || !ts.isStringLiteralLike(title))
      return [];
    return [{ title: title.text, words: wordsOf(call, named), madeBy: within }];
  });
}

/** Which functions a file calls by name, and the exported function of its own that each is called in. */
export const calledIn = (text: string): ReadonlyMap<string, string | undefined> =>
  new Map(
    callsIn(parsed(text)).flatMap(({ call: { expression }, within }) =>
      ts.isIdentifier(expression) ? [[expression.text, within] as const] : [],
    ),
  );

const parsed = (text: string): ts.SourceFile =>
  ts.createSourceFile('read.ts', text, ts.ScriptTarget.Latest, true);

type Call = Readonly<{ call: ts.CallExpression; within: string | undefined }>;

/** Every call but those within something skipped. */
function callsIn(source: ts.SourceFile): Call[] {
  const found: Call[] = [];
  const look = (node: ts.Node, within: string | undefined): void => {
    if (ts.isCallExpression(node)) {
      if (/^(?:describe|it)\.(?:skip|todo)\b/.test(node.expression.getText())) return;
      found.push({ call: node, within });
    }
    const isDoor =
      ts.isFunctionDeclaration(node) &&
      node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
    const inside = isDoor ? node.name?.text : within;
    ts.forEachChild(node, (child) => look(child, inside));
  };
  look(source, undefined);
  return found;
}

/** `it`, and what `it.each` makes of a table. */
function isTest(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return callee.text === 'it';
  if (ts.isTaggedTemplateExpression(callee)) return callee.tag.getText() === 'it.each';
  return ts.isCallExpression(callee) && callee.expression.getText() === 'it.each';
}

function declarationsIn(source: ts.SourceFile): ReadonlyMap<string, ts.Node> {
  const named = new Map<string, ts.Node>();
  const look = (node: ts.Node): void => {
    const isNamed = ts.isFunctionDeclaration(node) || ts.isVariableDeclaration(node);
    if (isNamed && node.name !== undefined && ts.isIdentifier(node.name)) {
      named.set(node.name.text, node);
    }
    ts.forEachChild(node, look);
  };
  look(source);
  return named;
}

function wordsOf(test: ts.Node, named: ReadonlyMap<string, ts.Node>): ReadonlySet<string> {
  const words = new Set<string>();
  const look = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) words.add(node.text);
    if (ts.isIdentifier(node) && !words.has(node.text)) {
      words.add(node.text);
      const declared = named.get(node.text);
      if (declared !== undefined) look(declared);
    }
    ts.forEachChild(node, look);
  };
  look(test);
  return words;
}
