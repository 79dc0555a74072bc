import { startNoticeTap, type Notice, type NoticeTap } from '@hutong/gateway/conformance';

export { post, type NoticeTap } from '@hutong/gateway/conformance';

/** Stands where UnionPay's notifications arrive. */
export const startTap = (
  path: string,
  tell: (notice: Notice) => Promise<number>,
): Promise<NoticeTap> => startNoticeTap({ path, tell, headers: /^content-type$/, kept: 200 });
