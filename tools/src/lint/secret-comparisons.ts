import ts from 'typescript';

/** The one that takes as long whether the first byte differs or the last. */
const CONSTANT_TIME = 'timingSafeEqual';

const EQUALITY = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
]);

/** What else tells by its time how much of two texts or buffers is the same. */
const COMPARING = new Set([
  ...['equals', 'compare', 'localeCompare', 'is', 'startsWith', 'endsWith', 'includes'],
  ...['indexOf', 'search', 'match', 'test', 'exec', 'has', 'get'],
]);

/** What is called so is a secret, or made of one. */
const SECRET = /sha256|hash|digest|hmac|fingerprint|presented|secret/i;

/**
 * What is wrong with how a function compares a secret: with anything but `timingSafeEqual`, of lengths
 * alone excepted, or not at all.
 * @param inside name of the function or method that compares.
 */
export function slips(source: string, inside: string): string[] {
  const found = nodesOf(parsed(source)).find((node) => nameOf(node) === inside);
  if (found === undefined) return [`no ${inside}`];
  const nodes = nodesOf(found);
  const isConstant = nodes.some(
    (node) => ts.isCallExpression(node) && calledBy(node) === CONSTANT_TIME,
  );
  return [
    ...nodes
      .filter(ts.isBinaryExpression)
      .filter(isEquality)
      .filter(isOfMoreThanLengths)
      .map(textOf),
    ...nodes
      .filter(ts.isCallExpression)
      .filter((node) => ts.isPropertyAccessExpression(node.expression))
      .filter((node) => COMPARING.has(calledBy(node)))
      .map(textOf),
    ...(isConstant ? [] : [`no ${CONSTANT_TIME}`]),
  ];
}

/** Comparisons of two values, one of them by its name a secret, that are not made in constant time. */
export const plainComparisons = (source: string): string[] => {
  const nodes = SECRET.test(source) ? nodesOf(parsed(source)) : [];
  return [
    ...nodes
      .filter(ts.isBinaryExpression)
      .filter(isEquality)
      .filter(({ left, right }) => [left, right].every(isValue) && [left, right].some(isSecret))
      .map(textOf),
    ...nodes
      .filter(ts.isCallExpression)
      .filter((node) => ['equals', 'compare', 'localeCompare'].includes(calledBy(node)))
      .filter((node) => SECRET.test(node.getText()))
      .map(textOf),
  ];
};

/** Whether a source compares in constant time somewhere. */
export const comparesInConstantTime = (source: string): boolean =>
  new RegExp(`\\b${CONSTANT_TIME}\\(`).test(source);

const parsed = (source: string): ts.SourceFile =>
  ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true);

const nodesOf = (node: ts.Node): ts.Node[] => {
  const below: ts.Node[] = [];
  node.forEachChild((child) => void below.push(...nodesOf(child)));
  return [node, ...below];
};

const nameOf = (node: ts.Node): string | undefined =>
  ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isVariableDeclaration(node)
    ? node.name?.getText()
    : undefined;

const calledBy = ({ expression }: ts.CallExpression): string =>
  ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();

const isEquality = ({ operatorToken }: ts.BinaryExpression): boolean =>
  EQUALITY.has(operatorToken.kind);

const isLength = (node: ts.Expression): boolean =>
  ts.isPropertyAccessExpression(node) && node.name.text === 'length';

const isOfMoreThanLengths = ({ left, right }: ts.BinaryExpression): boolean =>
  !isLength(left) || !isLength(right);

/** Not a word of the program's own, which nobody has to guess. */
const isValue = (node: ts.Expression): boolean =>
  !ts.isLiteralExpression(node) &&
  !ts.isTypeOfExpression(node) &&
  !isLength(node) &&
  !['undefined', 'null', 'true', 'false'].includes(node.getText());

const isSecret = (node: ts.Expression): boolean => SECRET.test(node.getText());

const textOf = (node: ts.Node): string => node.getText().replaceAll(/\s+/g, ' ');
