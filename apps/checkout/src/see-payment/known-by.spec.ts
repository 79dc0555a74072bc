import { expect, it } from '@jest/globals';
import { knownBy } from './wait-query.wire.js';

type Row = Readonly<{ tags: string | undefined; known: readonly number[] | undefined }>;

it.each<Row>([
  { tags: undefined, known: undefined },
  { tags: '', known: undefined },
  { tags: '"2"', known: [2] },
  { tags: 'W/"2"', known: [2] },
  { tags: '"1", "3"', known: [1, 3] },
  { tags: 'W/"1" ,"of another", W/"3"', known: [1, 3] },
  { tags: '*', known: [1, 2, 3] },
  { tags: ' * ', known: [1, 2, 3] },
  { tags: '"*"', known: undefined },
  { tags: '"of another"', known: undefined },
  { tags: '"1234567890"', known: undefined },
  { tags: '2', known: undefined },
])('who sends If-None-Match: $tags has of versions 1 to 3: $known', ({ tags, known }) => {
  const isKnown = knownBy(tags);
  expect(isKnown && [1, 2, 3].filter(isKnown)).toEqual(known);
});
