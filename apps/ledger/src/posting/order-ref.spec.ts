import { describe, expect, it } from '@jest/globals';
import { attemptId } from '@hutong/domain-events';
import { uuidOf } from './order-ref.js';

describe('a ULID as the books keep it', () => {
  it.each<{ ulid: string; uuid: string }>`
    ulid                            | uuid
    ${'00000000000000000000000000'} | ${'00000000-0000-0000-0000-000000000000'}
    ${'00000000000000000000000001'} | ${'00000000-0000-0000-0000-000000000001'}
    ${'7ZZZZZZZZZZZZZZZZZZZZZZZZZ'} | ${'ffffffff-ffff-ffff-ffff-ffffffffffff'}
    ${'01ARZ3NDEKTSV4RRFFQ69G5FAV'} | ${'01563e3a-b5d3-d676-4c61-efb99302bd5b'}
  `('$ulid is $uuid', ({ ulid, uuid }) => {
    expect(uuidOf(attemptId(ulid))).toBe(uuid);
  });
});
