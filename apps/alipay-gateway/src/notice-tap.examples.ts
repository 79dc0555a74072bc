import { startNoticeTap, type Notice, type NoticeTap } from '@hutong/gateway/conformance';

const words = (status: number): string => (status === 200 ? 'success' : 'fail');

/** Stands where Alipay's notifications arrive. */
export const startTap = (
  path: string,
  tell: (notice: Notice) => Promise<number>,
): Promise<NoticeTap> =>
  startNoticeTap({ path, tell, headers: /^content-type$/, kept: 200, words });

/**
 * Posts a notification as it is. @returns the status of the answer.
 * @throws Error if it is not exactly what Alipay takes for yes, or may take for it without being meant so.
 */
export async function post(url: string, { headers, body }: Notice): Promise<number> {
  const answer = await fetch(url, { method: 'POST', headers, body });
  const said = await answer.text();
  const type = answer.headers.get('content-type') ?? '';
  if (said !== words(answer.status) || !type.startsWith('text/plain'))
    throw new Error(`answered by ${said}`);
  return answer.status;
}
