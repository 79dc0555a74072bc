/**
 * Query and form together, as Alipay's gateway reads them: decoded once.
 * @returns `undefined` if a name is said twice, which nobody means well.
 */
export function readParameters(
  search: string,
  form: string,
): ReadonlyMap<string, string> | undefined {
  const said = [...new URLSearchParams(search), ...new URLSearchParams(form)];
  const parameters = new Map(said);
  return parameters.size === said.length ? parameters : undefined;
}
