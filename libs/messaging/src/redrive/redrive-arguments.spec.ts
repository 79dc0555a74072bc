import { describe, expect, it } from '@jest/globals';
import { readRedriveArguments } from './redrive-arguments.js';

const read = (line: string) =>
  readRedriveArguments(
    'checkout',
    line.split(' ').filter((word) => word !== ''),
  );

describe('what redrive is asked for', () => {
  it('is a look at everything that the service hears, if nothing is said', () => {
    expect(read('')).toMatchObject({
      ok: true,
      value: {
        help: false,
        chosen: { topics: ['routing.decisions', 'gateway.reports'] },
        applying: undefined,
      },
    });
  });

  it('is what is chosen, put back by somebody', () => {
    const line =
      '--topic gateway.reports --error-code handler_parked --key k --since 2027-01-31T08:00:00+08:00';
    expect(read(`${line} --apply --by wang --rate 5 --wait 0 --again`)).toMatchObject({
      ok: true,
      value: {
        chosen: {
          topics: ['gateway.reports'],
          errorCode: 'handler_parked',
          key: 'k',
          since: new Date('2027-01-31T00:00:00Z'),
        },
        applying: { by: 'wang', rate: 5, waitMs: 0, again: true },
      },
    });
  });

  type Row = Readonly<{ line: string; says: string }>;
  it.each<Row>`
    line                             | says
    ${'--nonsense'}                  | ${'usage: redrive'}
    ${'checkout'}                    | ${'usage: redrive'}
    ${'--topic payment.outcomes'}    | ${'--topic is one of routing.decisions, gateway.reports'}
    ${'--since yesterday'}           | ${'--since is an RFC 3339 time'}
    ${'--apply'}                     | ${'--apply needs --by NAME'}
    ${'--apply --by ;'}              | ${'--apply needs --by NAME'}
    ${'--by wang'}                   | ${'--by and --again go with --apply'}
    ${'--apply --by wang --rate 0'}  | ${'--rate is a whole number'}
    ${'--apply --by wang --wait 1h'} | ${'--wait is a whole number'}
  `('refuses "$line"', ({ line, says }) => {
    expect(read(line)).toMatchObject({ ok: false, refusal: expect.stringContaining(says) });
  });
});
