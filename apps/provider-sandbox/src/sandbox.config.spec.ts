import { describe, expect, it } from '@jest/globals';
import { readSandboxConfig } from './sandbox.config.js';

describe('the configuration', () => {
  it('is for this machine alone if nothing is said', () => {
    expect(readSandboxConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 3100,
      ports: { wechat: 3101, alipay: 3102, unionpay: 3103 },
      managementPort: 9100,
      controlExposed: false,
    });
  });

  it.each(['0.0.0.0', '::', '192.168.1.7', 'sandbox', '127.0.0.1.example'])(
    'does not open %s by accident',
    (HOST) => {
      expect(() => readSandboxConfig({ HOST })).toThrow(/HOST.*EXPOSE/);
      expect(readSandboxConfig({ HOST, EXPOSE: 'pages' }).controlExposed).toBe(false);
      expect(readSandboxConfig({ HOST, EXPOSE: 'all' }).controlExposed).toBe(true);
    },
  );

  it('names every bad variable', () => {
    expect(() => readSandboxConfig({ PORT: '70000', EXPOSE: 'yes' })).toThrow(/PORT.*EXPOSE/);
  });
});
