import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { AlipayBooksController } from './alipay/alipay-books.controller.js';
import { AlipayControlController } from './alipay/alipay-control.controller.js';
import { AlipayPageController } from './alipay/alipay-page.controller.js';
import { CredentialsController } from './control/credentials.controller.js';
import { WechatBooksController } from './control/wechat-books.controller.js';
import { WechatCertificatesController } from './control/wechat-certificates.controller.js';
import { WechatControlController } from './control/wechat-control.controller.js';
import { WorldControlController } from './control/world-control.controller.js';
import { PayerPageController } from './payer-page/payer-page.controller.js';
import { UnionpayBooksController } from './unionpay/unionpay-books.controller.js';
import { UnionpayControlController } from './unionpay/unionpay-control.controller.js';
import { UnionpayPageController } from './unionpay/unionpay-page.controller.js';

/** Control API and payer page; the providers have servers of their own. */
@Module({
  controllers: [
    AlipayBooksController,
    AlipayControlController,
    AlipayPageController,
    CredentialsController,
    PayerPageController,
    UnionpayBooksController,
    UnionpayControlController,
    UnionpayPageController,
    WechatBooksController,
    WechatCertificatesController,
    WechatControlController,
    WorldControlController,
  ],
})
export class SandboxModule {
  /** @param providers what the controllers take, built by `startSandbox`. */
  static with(providers: readonly Provider[]): DynamicModule {
    return { module: SandboxModule, providers: [...providers] };
  }
}
