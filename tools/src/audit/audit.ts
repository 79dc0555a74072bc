/** What a registry's audit came to; `not_answered` where it could not be asked, and why. */
export type Audit =
  | Readonly<{ kind: 'clean'; packages: number }>
  | Readonly<{ kind: 'found'; advisories: readonly string[] }>
  | Readonly<{ kind: 'not_answered'; why: string }>;

/** Worth stopping for; what is milder is a matter of the next update. */
const GRAVE = ['high', 'critical'];

/**
 * What `npm audit --json` printed.
 * @param printed its output; whatever is no report counts as no answer.
 */
export function readAudit(printed: string): Audit {
  const report = parsed(printed);
  if (report === undefined) return { kind: 'not_answered', why: 'npm audit printed no report' };
  if ('error' in report || !('vulnerabilities' in report)) {
    return { kind: 'not_answered', why: whyOf(report) };
  }
  const advisories = Object.entries(objectOf(report['vulnerabilities']))
    .map(([name, found]) => ({ name, severity: String(objectOf(found)['severity']) }))
    .filter(({ severity }) => GRAVE.includes(severity))
    .map(({ name, severity }) => `${name}: ${severity}`);
  if (advisories.length > 0) return { kind: 'found', advisories };
  return { kind: 'clean', packages: packagesOf(report) };
}

function whyOf(report: Readonly<Record<string, unknown>>): string {
  const { summary, code } = objectOf(report['error']);
  const said = [report['message'], summary, code].find(
    (one) => typeof one === 'string' && one !== '',
  );
  if (typeof said !== 'string') return 'the registry gave no report';
  return said.replace(/https?:\/\/\S+/, 'its address'); // whose registry it is, is nobody's business
}

const packagesOf = (report: Readonly<Record<string, unknown>>): number =>
  Number(objectOf(objectOf(report['metadata'])['dependencies'])['total'] ?? 0);

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? objectOf(value) : undefined;
  } catch {
    return undefined;
  }
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
