/** How many days back an active member counts, that day included; `cumulative`: since ever. */
export type Window = number | 'cumulative';

export const LONGEST_WINDOW = 3_650;

/** `30` or `cumulative`; undefined for anything else. */
export function parseWindow(text: string): Window | undefined {
  if (text === 'cumulative') return text;
  const days = /^[1-9]\d{0,3}$/.test(text) ? Number(text) : LONGEST_WINDOW + 1;
  return days <= LONGEST_WINDOW ? days : undefined;
}

const USUAL: Window = 30;

/** @throws Error on a text that was not validated first. */
export function windowAsked(text: string | undefined): Window {
  const window = text === undefined ? USUAL : parseWindow(text);
  if (window === undefined) throw new Error('unvalidated window');
  return window;
}
