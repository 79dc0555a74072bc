import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { policySchema } from './policy-shape.js';

it('the schema in the repository is the one that policies are read by', async () => {
  const file = new URL('../../policy.schema.json', import.meta.url);
  // If this fails: node dist/main.js policy-schema > policy.schema.json
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(policySchema)),
  );
});
