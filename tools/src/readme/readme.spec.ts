import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const pages = globSync('{*.md,docs/**/*.md,{apps,libs}/*/*.md,tools/*.md}', { cwd: root });

type Link = Readonly<{ page: string; target: string }>;

/** Links to files and headings of ours; code is no link. */
const links: readonly Link[] = pages.flatMap((page) =>
  [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => ({ page, target }))
    .filter(({ target }) => !/^[a-z]+:/.test(target)),
);

function withoutCode(text: string): string {
  return text.replaceAll(/^```.*?^```/gms, '').replaceAll(/`[^`\n]*`/g, '');
}

/** As GitHub names the anchors of headings. */
const anchorsOf = (text: string): string[] =>
  [...withoutCode(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );

const leadsSomewhere = ({ page, target }: Link): boolean => {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(root, file))) return false;
  return anchor === undefined || anchorsOf(read(file)).includes(anchor);
};

describe('the documents', () => {
  it('link to files and headings that are there', () => {
    expect(links.filter((link) => !leadsSomewhere(link))).toEqual([]);
    expect(links.length).toBeGreaterThan(20);
  });

  it('name npm scripts that are there', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = pages.flatMap((page) =>
      [...read(page).matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, script = '']) => script),
    );

    expect([...new Set(named)].filter((script) => !(script in scripts))).toEqual([]);
    expect(named).toEqual(expect.arrayContaining(['demo', 'doctor', 'check', 'test:deep']));
  });

  it('follow one payment through every package that it passes, in the order in which it does', () => {
    const [, follow = ''] = /^## Follow one payment\n(.*?)^##/ms.exec(read('README.md')) ?? [];
    const passed = [...follow.matchAll(/\]\(((?:apps|libs)\/[^/]+)\//g)].map(([, of]) => of);
    const inTurn = passed.filter((of, i) => of !== passed[i - 1]);

    expect(inTurn).toEqual([
      'libs/domain-events',
      'apps/checkout',
      'libs/messaging',
      'apps/routing',
      'libs/gateway',
      'apps/wechat-gateway',
      'apps/checkout',
      'apps/ledger',
    ]);
  });
});
