import type { SealRefusal } from '../payer/payer-seals.adapter.js';
import { choiceRefusals, type Answered } from '../platform-api/refusals.js';
import type { LinkRefusal } from './share-link.js';
import type { NoLinks, UnknownLink } from './share-links.repository.js';

type Code = (LinkRefusal | SealRefusal | NoLinks)['code'];

/** Of a platform's choice, a link's included. */
export const chosenRefusals: Readonly<Record<Code, Answered>> = {
  ...choiceRefusals,
  too_many_links: { status: 409, title: 'The payment has had too many links' },
  links_unavailable: { status: 503, title: 'Links cannot be made here now' },
  sealing_unavailable: { status: 503, title: "The payer's data cannot be sealed here now" },
};

/** One answer to whatever is no token of ours: a guess learns that it was none, and nothing else. */
export const unknownLink: Readonly<Record<UnknownLink['code'], Answered>> = {
  link_unknown: { status: 404, title: 'There is no such link' },
};

/** Of a guest's press. */
export const pressRefusals: Readonly<
  Record<keyof typeof choiceRefusals | 'sealing_unavailable' | 'link_unknown', Answered>
> = {
  ...choiceRefusals,
  ...unknownLink,
  sealing_unavailable: chosenRefusals.sealing_unavailable,
};
