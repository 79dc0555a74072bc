import { expect, it } from '@jest/globals';
import { nameIn, parseStat } from './processes.js';

it('reads what proc(5) says, whatever the name of the process is', () => {
  const fields = '4093 4093 0 -1 4194560 4001 200 0 0 150 50 7 3 20 0 11 0 5130 1048576 250 184';
  const text = `4093 (no) de) S 17 ${fields}\n`;

  expect(parseStat(text)).toEqual({
    pid: 4093,
    parent: 17,
    usage: { cpuMs: 2_000, memory: 250 * 4_096 },
    reapedMs: 100,
  });
});

it.each<{ command: string[]; name: string | undefined }>`
  command                                                     | name
  ${['/usr/bin/java', '-cp', 'jars/*', 'kafka.Kafka']}        | ${'kafka'}
  ${['/opt/pg/bin/postgres', '-D', 'data']}                   | ${'postgres'}
  ${['node', '--cpu-prof', '/x/apps/checkout/dist/main.js']}  | ${'checkout'}
  ${['node', '/x/apps/wechat-gateway/dist/main.js', 'serve']} | ${'wechat-gateway'}
  ${['sh', '-c', 'read', 'hutong-reaper']}                    | ${undefined}
  ${['']}                                                     | ${undefined}
`('$command is called $name', ({ command, name }) => {
  expect(nameIn(command)).toBe(name);
});
