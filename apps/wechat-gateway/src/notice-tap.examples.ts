import { startNoticeTap, type Notice, type NoticeTap } from '@hutong/gateway/conformance';

export { post, type NoticeTap } from '@hutong/gateway/conformance';

/** Stands where WeChat's notifications arrive. */
export const startTap = (
  path: string,
  tell: (notice: Notice) => Promise<number>,
): Promise<NoticeTap> =>
  startNoticeTap({ path, tell, headers: /^(wechatpay-|content-type)/, kept: 204 });
