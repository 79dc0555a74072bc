import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { currentTraceId, currentTraceparent, withTraceparent } from './traceparent.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const FORM = /^00-([0-9a-f]{32})-([0-9a-f]{16})-(0[01])$/;

/** Trace, span and flags that work runs under when a caller sent `incoming`. */
function under(incoming: string | undefined): readonly string[] {
  const text = withTraceparent(incoming, () => currentTraceparent());
  return FORM.exec(text ?? '')?.slice(1) ?? [];
}

describe('a trace', () => {
  it.each([
    ['sampled', `00-${TRACE}-${SPAN}-01`, '01'],
    ['not sampled', `00-${TRACE}-${SPAN}-00`, '00'],
    ['with flags that mean nothing yet', `00-${TRACE}-${SPAN}-fd`, '01'],
    ['of a later version', `cc-${TRACE}-${SPAN}-01`, '01'],
    ['of a later version that says more', `cc-${TRACE}-${SPAN}-01-what-the-future-holds`, '01'],
  ])('goes on under a new span: %s', (_, incoming, flags) => {
    const [trace, span, ownFlags] = under(incoming);
    expect([trace, ownFlags]).toEqual([TRACE, flags]);
    expect(span).not.toBe(SPAN);
  });

  it.each([
    ['nothing', undefined],
    ['emptiness', ''],
    ['words', 'hello'],
    ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['the forbidden version', `ff-${TRACE}-${SPAN}-01`],
    ['more than version 00 has', `00-${TRACE}-${SPAN}-01-more`],
    ['a trace that is short', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['a span that is long', `00-${TRACE}-${SPAN}0-01`],
    ['flags that are none', `00-${TRACE}-${SPAN}-1`],
    ['blanks around it', ` 00-${TRACE}-${SPAN}-01 `],
    ['two of them', `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
    ['a newline and more', `00-${TRACE}-${SPAN}-01\nx: y`],
    ['far too much', `cc-${TRACE}-${SPAN}-01-${'x'.repeat(10_000)}`],
  ])('begins anew, sampled, where the caller sent %s', (_, incoming) => {
    const [first = '', , flags] = under(incoming);
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect([first === TRACE, flags]).toEqual([false, '01']);
    expect(under(incoming)[0]).not.toBe(first);
  });

  it('is what the work and everything it waits for belongs to, and nothing else', async () => {
    expect([currentTraceparent(), currentTraceId()]).toEqual([undefined, undefined]);
    const other = withTraceparent(undefined, async () => {
      await turn();
      return currentTraceId();
    });
    const own = await withTraceparent(`00-${TRACE}-${SPAN}-01`, async () => {
      await turn();
      return currentTraceId();
    });
    expect(own).toBe(TRACE);
    expect(await other).not.toBe(TRACE);
    expect(currentTraceparent()).toBeUndefined();
  });

  it('is handed on as it was received: what goes out is valid where it arrives', () => {
    const [sent] = [withTraceparent(`00-${TRACE}-${SPAN}-01`, () => currentTraceparent())];
    expect(under(sent)[0]).toBe(TRACE);
  });
});
