/**
 * Runs a file of a package from its source, for what has to work before anything is built. By a computed
 * address on purpose: Nx would take an `import()` that it can read for a package that is loaded lazily.
 * @param path from the repository's root; of TypeScript, the file may use what Node can strip.
 */
export async function fromSource(path) {
  await import(at('libs/testing/jest/typescript.mjs'));
  return import(at(path));
}

const at = (path) => new URL(`../${path}`, import.meta.url).href;
