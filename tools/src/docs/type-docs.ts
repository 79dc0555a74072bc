import { join } from 'node:path';
import ts from 'typescript';

/** A declared type of a package, and what its docstrings say. */
export type TypeDoc = Readonly<{
  about: string;
  /**
   * What one property means, with the type that it has or lists: its own docstring or, where it has
   * none, that of its type.
   * @throws Error naming a property that has neither, or that is not there.
   */
  property: (name: string) => TypeDoc;
}>;

/**
 * Reads the docstrings of the package in `folder`, so that what the code says of a type and what the
 * documents say of it is the same sentence.
 * @returns looks a type up by its name. @throws Error on a name that no file of it declares.
 */
export function readTypeDocs(folder: string): (name: string) => TypeDoc {
  const program = programOf(folder);
  const checker = program.getTypeChecker();
  const names = new Map(
    program
      .getSourceFiles()
      .filter((file) => file.fileName.startsWith(join(folder, 'src')))
      .flatMap((file) => file.statements.filter(isTypeDeclaration))
      .flatMap(({ name }) => (name ? [[name.text, name]] : [])),
  );
  return (text) => {
    const name = names.get(text);
    if (name === undefined) throw new Error(`no type ${text} in ${folder}`);
    const about = docstring(program, checker.getSymbolAtLocation(name));
    return docOf(program, { path: text, about, type: checker.getTypeAtLocation(name) });
  };
}

/** `payment.method_selected` is `PaymentMethodSelected` in code. */
export const typeName = (type: string): string =>
  type
    .split(/[._]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

type Place = Readonly<{ path: string; about: string; type: ts.Type }>;

function docOf(program: ts.Program, { path, about, type }: Place): TypeDoc {
  const checker = program.getTypeChecker();
  return {
    about,
    property: (name) => {
      const at = `${path}.${name}`;
      const symbol = propertyOf(checker, type, name);
      if (symbol === undefined) throw new Error(`no property ${at}`);
      const said = docstring(program, symbol) || docstring(program, namedBy(program, symbol));
      if (said === '') throw new Error(`${at} says nothing of itself`);
      const own = checker.getNonNullableType(checker.getTypeOfSymbol(symbol));
      const item = checker.getIndexTypeOfType(own, ts.IndexKind.Number);
      return docOf(program, { path: at, about: said, type: item ?? own });
    },
  };
}

/** Of a union, the property of whichever member has it. */
function propertyOf(checker: ts.TypeChecker, type: ts.Type, name: string): ts.Symbol | undefined {
  const members = type.isUnion() ? type.types : [type];
  return members
    .map((member) => checker.getPropertyOfType(member, name))
    .find((symbol) => symbol !== undefined);
}

/** The type that a property is declared to have or to list, if that has a name and is not the language's. */
function namedBy(program: ts.Program, property: ts.Symbol): ts.Symbol | undefined {
  const [declaration] = property.declarations ?? [];
  if (declaration === undefined || !ts.isPropertySignature(declaration)) return undefined;
  const type = itemOf(declaration.type);
  if (type === undefined || !ts.isTypeReferenceNode(type)) return undefined;
  const checker = program.getTypeChecker();
  const symbol = checker.getSymbolAtLocation(type.typeName);
  const isImported = symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0;
  const named = isImported ? checker.getAliasedSymbol(symbol) : symbol;
  const files = (named?.declarations ?? []).map((declared) => declared.getSourceFile());
  return files.some((file) => program.isSourceFileDefaultLibrary(file)) ? undefined : named;
}

function itemOf(type: ts.TypeNode | undefined): ts.TypeNode | undefined {
  if (type === undefined) return undefined;
  if (ts.isTypeOperatorNode(type)) return itemOf(type.type);
  return ts.isArrayTypeNode(type) ? itemOf(type.elementType) : type;
}

const docstring = (program: ts.Program, symbol: ts.Symbol | undefined): string =>
  ts
    .displayPartsToString(symbol?.getDocumentationComment(program.getTypeChecker()) ?? [])
    .replaceAll(/\s+/g, ' ')
    .trim();

type TypeDeclaration = ts.TypeAliasDeclaration | ts.ClassDeclaration | ts.InterfaceDeclaration;
const isTypeDeclaration = (node: ts.Statement): node is TypeDeclaration =>
  ts.isTypeAliasDeclaration(node) || ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node);

/** @throws Error if the package's configuration cannot be read. */
function programOf(folder: string): ts.Program {
  const path = join(folder, 'tsconfig.lib.json');
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail };
  const config = ts.getParsedCommandLineOfConfigFile(path, {}, host);
  if (config === undefined) throw new Error(`cannot read ${path}`);
  return ts.createProgram(config.fileNames, config.options);
}

function fail(diagnostic: ts.Diagnostic): never {
  throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, ' '));
}
