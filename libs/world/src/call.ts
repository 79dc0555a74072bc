/** What a client of ours sends. */
export type Call = Readonly<{
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: object | undefined;
  withinMs?: number;
}>;

/** An answer that is not 2xx: its status, and the stable code of its problem, if it has one. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string | undefined,
    message: string,
  ) {
    super(message);
  }
}

/** @returns the JSON of the answer, undefined for an empty one. @throws Refused if it is not 2xx. */
export async function call<Answer>(base: URL, what: Call): Promise<Answer> {
  const { method, path, body, headers = {}, withinMs = 10_000 } = what;
  const answer = await fetch(new URL(path, base), {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(withinMs),
  });
  const text = await answer.text();
  if (!answer.ok) {
    const message = `${method} ${path} answered ${answer.status}: ${text}`;
    throw new Refused(answer.status, codeIn(text), message);
  }
  return (text === '' ? undefined : JSON.parse(text)) as Answer;
}

function codeIn(text: string): string | undefined {
  try {
    const problem: unknown = JSON.parse(text);
    const code: unknown = Reflect.get(Object(problem), 'code');
    return typeof code === 'string' ? code : undefined;
  } catch {
    return undefined;
  }
}
