import { AlipayBooksController } from './alipay/alipay-books.controller.js';
import { AlipayControlController } from './alipay/alipay-control.controller.js';
import { ALIPAY_CATALOGUE } from './alipay/alipay-faults.js';
import { AlipayPageController } from './alipay/alipay-page.controller.js';
import { ALIPAY_HOSTS, openAlipay } from './alipay/open-alipay.adapter.js';
import { CredentialsController } from './control/credentials.controller.js';
import { WechatBooksController } from './control/wechat-books.controller.js';
import { WechatCertificatesController } from './control/wechat-certificates.controller.js';
import { WechatControlController } from './control/wechat-control.controller.js';
import { PayerPageController } from './payer-page/payer-page.controller.js';
import { openUnionpay, UNIONPAY_HOSTS } from './unionpay/open-unionpay.adapter.js';
import { UnionpayBooksController } from './unionpay/unionpay-books.controller.js';
import { UnionpayControlController } from './unionpay/unionpay-control.controller.js';
import { UNIONPAY_CATALOGUE } from './unionpay/unionpay-faults.js';
import { UnionpayPageController } from './unionpay/unionpay-page.controller.js';
import { openWechat, WECHAT_HOSTS } from './wechat/open-wechat.adapter.js';
import { WECHAT_CATALOGUE } from './wechat/wechat-faults.js';
import type { PlayedProvider } from './wire/played-provider.adapter.js';

const played = [
  {
    name: 'wechat',
    open: openWechat,
    hosts: WECHAT_HOSTS,
    controllers: [
      CredentialsController,
      PayerPageController,
      WechatBooksController,
      WechatCertificatesController,
      WechatControlController,
    ],
    faults: WECHAT_CATALOGUE,
    pageForms: ['/pay'],
  },
  {
    name: 'alipay',
    open: openAlipay,
    hosts: ALIPAY_HOSTS,
    controllers: [AlipayBooksController, AlipayControlController, AlipayPageController],
    faults: ALIPAY_CATALOGUE,
    pageForms: ['/alipay/pay'],
  },
  {
    name: 'unionpay',
    open: openUnionpay,
    hosts: UNIONPAY_HOSTS,
    controllers: [UnionpayBooksController, UnionpayControlController, UnionpayPageController],
    faults: UNIONPAY_CATALOGUE,
    pageForms: ['/unionpay/pay'],
  },
] as const satisfies readonly PlayedProvider[];

export type PlayedName = (typeof played)[number]['name'];

/** Whom the sandbox plays: the one table that a further provider is added to. */
export const PLAYED: readonly PlayedProvider<PlayedName>[] = played;
