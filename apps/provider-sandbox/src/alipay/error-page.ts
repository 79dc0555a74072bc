import { escaped } from '../payer-page/html.js';
import { gbkEncoder } from './gbk.js';
import type { AlipayRefusal } from './refusal.js';

const encode = gbkEncoder();

/** What a browser is shown where an API call would be refused: a page in GBK, under HTTP 200. */
export const errorPage = ({ code, subCode, subMsg }: AlipayRefusal): Uint8Array<ArrayBuffer> =>
  encode(
    `<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=GBK">` +
      `<title>支付宝 - 网上支付 安全快速！</title></head><body><h1>抱歉，系统有点小问题</h1>` +
      `<p>错误代码 ${escaped(subCode)}</p><p>错误原因: ${escaped(subMsg)} (${code})</p></body></html>`,
  );
