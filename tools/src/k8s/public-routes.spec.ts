import { describe, expect, it } from '@jest/globals';
import { golden, ofKind, the, type Manifest } from './manifests.js';
import { publicProblems } from './public-routes.js';
import { RENDERED } from './repository.js';

const withIngress = Object.keys(RENDERED).filter(
  (name) => ofKind(golden(name), 'Ingress').length > 0,
);

describe('the world', () => {
  it.each(withIngress)('reaches what is for it, and nothing of operators, in %s', (name) => {
    expect(publicProblems(golden(name))).toEqual([]);
  });

  type Row = { says: string; change: (path: { path: string }) => void };
  it.each<Row>([
    { says: 'open: checkout/', change: (path) => (path.path = '/') },
    { says: 'open: checkout/surplus', change: (path) => (path.path = '/surplus') },
    { says: 'closed: checkout/payments', change: (path) => (path.path = '/pay') },
  ])('or else $says', ({ says, change }) => {
    const manifests: Manifest[] = golden('all');
    const paths = the(manifests, 'Ingress', 'checkout').spec.rules.flatMap(
      ({ http }) => http.paths,
    );
    paths.filter(({ path }) => path === '/payments').forEach(change);
    expect(publicProblems(manifests)).toContain(says);
  });
});
