import { wechatRefusal, type WechatRefusal } from './refusal.js';

/** Said in the place of the merchant who signed. */
export const otherMerchant = (
  location: 'body' | 'query',
  field: string,
  value: string | null,
): WechatRefusal =>
  wechatRefusal('PARAM_ERROR', {
    field,
    value,
    location,
    issue: 'mchid is not the mchid of the Authorization header',
  });

export const badPath = (value: string): WechatRefusal =>
  wechatRefusal('PARAM_ERROR', { value, location: 'path', issue: 'the path is badly encoded' });

/** The end of a path, or `undefined` if it is badly percent-encoded. */
export function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined; // a lone % or a byte that is not UTF-8
  }
}
