/** What must be in no log, each as it is met in the wild. None of it is anybody's. */
export const CANARIES: readonly (readonly [what: string, text: string])[] = [
  ['a card number', '6222021234567890123'],
  ['a card number in groups', '4111 1111 1111 1111'],
  ['a card number with dashes', '4111-1111-1111-1111'],
  ['a telephone number', '13800138000'],
  ['a telephone number in groups', '+86 138 0013 8000'],
  ['an identity card number', '11010519491231002X'],
  ['a code shown in a store', '287654321098765432'],
  ['another code shown in a store', 'fp0123456789abcdef0123456789abcdef0'],
  ['an openid', 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o'],
  ['an address of a person', 'zhang.san@example.com'],
  ['an address of a machine', '203.0.113.77'],
  ['a short address of a machine', '8.8.8.8'],
  ['a name', '张三'],
  ['a provider key', '0cC9bQ2mVh7yT4kXw1RzL8sNfJ3uEdGa'],
  ['a platform key', 'hk_00112233445566aa_Jx0-lwPKm3hT9s2VqXbR7cUeYfGdZaWn4oLiMk8j5Hg'],
  ['a private key', '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END'],
  ['a signature', 'uOVRnA4qG/MNnYzdQxJanN+zU+lTgIcnU9BxGw=='],
  ['a bearer token', 'Bearer eyJhbGciOiJIUzI1NiJ9.e30.ZRrHA1JJJW8opsbCGfG_HACGpVUMN_a9IV7pAx_Zmeo'],
  ['a raw body', '{"payer":{"userId":"user-4711"},"description":"tea"}'],
  ['a query', 'openid=oUpF8uMuAJO&mchid=1900000001'],
];

/** Which of them stand in a text, whole or a line of them, as they are or as JSON or a URL has them. */
export const canariesIn = (text: string): string[] =>
  CANARIES.filter(([, canary]) =>
    [...canary.split('\n'), JSON.stringify(canary).slice(1, -1), encodeURIComponent(canary)].some(
      (part) => text.includes(part),
    ),
  ).map(([what]) => what);

/** Where a service takes requests. The last segment of a path may be anything. */
export type Target = Readonly<{ token: string; paths: readonly string[]; post?: string }>;

/** Requests with somebody's data in each place where a caller may put any; none of them is good. */
export function requestsWith(canary: string, { token, paths, post }: Target): readonly string[] {
  const request = (line: string, headers: readonly string[], body = '') =>
    [`${line} HTTP/1.1`, 'host: x', 'connection: close', ...headers, '', body].join('\r\n');
  const known = `authorization: Bearer ${token}`;
  const asked = encodeURIComponent(canary);
  const oneLine = canary.replaceAll(/[^\x20-\x7e]/g, ' ');
  const sent = (text: string, type = 'application/json') =>
    post === undefined
      ? []
      : [
          request(
            `POST ${post}`,
            [known, `content-type: ${type}`, `content-length: ${Buffer.byteLength(text)}`],
            text,
          ),
        ];
  return [
    `${canary}\r\n\r\n`,
    request(`GET ${oneLine}`, [known]),
    request(`GET /${asked}`, [known]),
    request(`GET ${paths[0]}`, [`authorization: Bearer ${oneLine}`]),
    request(`GET ${paths[0]}`, [`authorization: ${oneLine}`, `traceparent: ${oneLine}`]),
    request(`GET ${paths[0]}`, [known, `${oneLine}: ${oneLine}`]),
    request(`GET ${paths[0]}`, [known, `expect: ${oneLine}`]),
    request(`PATCH ${paths[0]}/${asked}`, [known]),
    ...paths.flatMap((path) => [
      request(`GET ${path}/${asked}`, [known, `traceparent: ${oneLine}`, `user-agent: ${oneLine}`]),
      request(`GET ${path}?${asked}=${asked}`, [known]),
    ]),
    ...sent(canary),
    ...sent(canary, 'text/plain'),
    ...sent('{}', oneLine),
    ...sent(JSON.stringify([canary])),
    ...sent(JSON.stringify({ [canary]: canary })),
    ...sent(`{${JSON.stringify(canary)}:1,${JSON.stringify(canary)}:2}`),
    ...sent(JSON.stringify({ target: canary, off: canary, reason: canary })),
    ...sent(JSON.stringify({ target: canary.slice(0, 64), off: true, reason: canary })),
  ];
}

/**
 * Records that nobody can read, with somebody's data in each place where an envelope has any.
 * @param envelope of a good event, as it is on the wire.
 */
export function recordsWith(canary: string, envelope: string): readonly string[] {
  const good = objectIn(JSON.parse(envelope));
  return [
    canary,
    ...[
      { ...good, type: canary, source: canary },
      { ...good, data: { ...objectIn(good['data']), paymentId: { [canary]: canary } } },
      { ...good, data: canary },
      { ...good, id: canary },
    ].map((spoilt) => JSON.stringify(spoilt)),
  ];
}

/** Makes PostgreSQL refuse every new row of a table, with all canaries and the row in what it says. */
export function sqlThatTellsAll(table: string): string {
  const all = CANARIES.map(([, canary]) => canary.replaceAll("'", "''")).join(' ');
  return `
    create function tell_all() returns trigger language plpgsql as $tell$
      begin raise exception 'row: % %', new, '${all}' using detail = '${all}'; end $tell$;
    create trigger tells_all before insert on ${table} for each row execute function tell_all()`;
}

function objectIn(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new Error('not an object');
  return { ...value };
}
