import { Controller, Get, HttpCode, Post, UseGuards } from '@nestjs/common';
import { SandboxClock } from '../clock/sandbox-clock.adapter.js';
import { PlatformCertificates } from '../wechat/platform-certificates.adapter.js';
import { LoopbackOnly } from './loopback-only.adapter.js';

type CertificateView = Readonly<{
  serial: string;
  effectiveAt: string;
  expiresAt: string;
  /** Whether answers and notifications are signed by it now. */
  signs: boolean;
}>;

/** WeChat's own certificates. A client that knows only older ones has to download them anew. */
@Controller('control/wechat/certificates')
@UseGuards(LoopbackOnly)
export class WechatCertificatesController {
  constructor(
    private readonly certificates: PlatformCertificates,
    private readonly clock: SandboxClock,
  ) {}

  @Get()
  list(): readonly CertificateView[] {
    const { valid, signer } = this.certificates;
    return valid.map(({ serial, effectiveAt, expiresAt }) => ({
      serial,
      effectiveAt: effectiveAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
      signs: serial === signer.serial,
    }));
  }

  /** Twice in a row leaves nothing that a client downloaded before. */
  @Post('rotate')
  @HttpCode(200)
  async rotate(): Promise<readonly CertificateView[]> {
    await this.certificates.rotate(this.clock.now());
    return this.list();
  }
}
