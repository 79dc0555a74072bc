import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { askRegistry } from './ask-registry.js';
import { readAudit, type Audit } from './audit.js';

const root = join(import.meta.dirname, '../../..');
const metadata = { dependencies: { total: 12 } };

describe('an audit', () => {
  type Row = { what: string; printed: string; audit: Audit };
  it.each<Row>([
    {
      what: 'that found nothing',
      printed: JSON.stringify({ vulnerabilities: {}, metadata }),
      audit: { kind: 'clean', packages: 12 },
    },
    {
      what: 'that found what can wait',
      printed: JSON.stringify({ vulnerabilities: { tea: { severity: 'low' } }, metadata }),
      audit: { kind: 'clean', packages: 12 },
    },
    {
      what: 'that found what cannot',
      printed: JSON.stringify({
        vulnerabilities: { tea: { severity: 'high' }, pot: { severity: 'critical' } },
        metadata,
      }),
      audit: { kind: 'found', advisories: ['tea: high', 'pot: critical'] },
    },
    {
      what: 'that the registry does not offer',
      printed: JSON.stringify({
        message: '405 Method Not Allowed - POST https://registry.example/advisories',
        error: {},
      }),
      audit: { kind: 'not_answered', why: '405 Method Not Allowed - POST its address' },
    },
    {
      what: 'without a network',
      printed: JSON.stringify({ error: { code: 'ENOTFOUND', summary: 'no such host' } }),
      audit: { kind: 'not_answered', why: 'no such host' },
    },
    {
      what: 'that printed nothing',
      printed: '',
      audit: { kind: 'not_answered', why: 'npm audit printed no report' },
    },
  ])('$what is $audit.kind', ({ printed, audit }) => {
    expect(readAudit(printed)).toEqual(audit);
  });

  it('is not taken for clean where the registry refuses to make one', async () => {
    const registry = createServer((_, answer) => answer.writeHead(405).end());
    await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
    const { port } = registry.address() as AddressInfo;
    const environment = { ...process.env, npm_config_registry: `http://127.0.0.1:${port}/` };
    try {
      const audit = await askRegistry(root, environment);
      expect(audit).toEqual({ kind: 'not_answered', why: expect.stringContaining('405') });
    } finally {
      registry.closeAllConnections();
      registry.close();
    }
  }, 60_000);
});
