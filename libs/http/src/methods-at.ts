/**
 * The methods that some route of an Express application answers at a path: what `Allow` says with 405.
 * Our routes are plain templates, `/payments/:paymentId/attempts`, so that no pattern has to be parsed.
 */
export function methodsAt(router: unknown, path: string): readonly string[] {
  const methods = stackOf(router).flatMap((layer) => {
    const route = memberOf(layer, 'route');
    const template = memberOf(route, 'path');
    if (typeof template !== 'string' || !matches(template, path)) return [];
    const answered = memberOf(route, 'methods');
    const names = typeof answered === 'object' && answered !== null ? Object.keys(answered) : [];
    return names.map((method) => method.toUpperCase());
  });
  const all = new Set(methods);
  if (all.has('GET')) all.add('HEAD');
  return [...all].toSorted();
}

function matches(template: string, path: string): boolean {
  const [wanted, given] = [template.split('/'), path.split('/')];
  return (
    wanted.length === given.length &&
    wanted.every((part, i) => part === given[i] || (part.startsWith(':') && given[i] !== ''))
  );
}

function stackOf(router: unknown): readonly unknown[] {
  const stack = memberOf(router, 'stack');
  return Array.isArray(stack) ? stack : [];
}

const memberOf = (value: unknown, name: string): unknown =>
  (typeof value === 'object' || typeof value === 'function') && value !== null && name in value
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;
