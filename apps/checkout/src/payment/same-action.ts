import type { Action } from '@hutong/domain-events';

/** Whether two actions show the payer the same until the same moment. */
export function sameAction(a: Action, b: Action): boolean {
  if (a.validUntil.getTime() !== b.validUntil.getTime()) return false;
  switch (a.type) {
    case 'qr':
      return b.type === a.type && b.content === a.content;
    case 'redirect':
      return b.type === a.type && b.url === a.url;
    case 'app':
    case 'mini_program':
      return b.type === a.type && sameTexts(a.parameters, b.parameters);
    case 'wait':
      return b.type === a.type;
  }
}

type Texts = Readonly<Record<string, string>>;

const sameTexts = (a: Texts, b: Texts): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([name, text]) => b[name] === text);
