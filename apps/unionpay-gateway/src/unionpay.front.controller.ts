import { timingSafeEqual } from 'node:crypto';
import { ShownOrders } from '@hutong/gateway';
import { All, Controller, Get, HttpCode, Inject, Param, Res } from '@nestjs/common';
import type { Response } from 'express';
import { FRONTS, type Fronts } from './unionpay.fronts.adapter.js';
import { frontPage, goBackPage, headersOf, nothingToPayPage } from './unionpay.front-page.js';

/** Where a payer's browser comes from the shop, and comes back to from UnionPay. */
@Controller('front')
export class UnionpayFrontController {
  constructor(
    private readonly orders: ShownOrders,
    @Inject(FRONTS) private readonly fronts: Fronts,
  ) {}

  /**
   * What UnionPay posts with the browser is for display and is not read: it may have a card's number, which no
   * shop has to see. The shop's address is opened as it was given.
   */
  @All(':attemptId/return')
  @HttpCode(200)
  async back(@Param('attemptId') attemptId: string, @Res() response: Response): Promise<void> {
    const returnUrl = await this.orders.returnUrl(attemptId);
    response.set(headersOf(this.fronts.address));
    if (returnUrl !== undefined) {
      response.redirect(303, returnUrl);
      return;
    }
    response.type('text/html; charset=utf-8').send(goBackPage());
  }

  /** Opening it changes nothing here, as often as one likes; only while the order may be paid. */
  @Get(':attemptId/:secret')
  async show(
    @Param('attemptId') attemptId: string,
    @Param('secret') secret: string,
    @Res() response: Response,
  ): Promise<void> {
    const order = await this.orders.open(attemptId);
    const isThis = order?.action.type === 'redirect' && endsIn(order.action.url, `/${secret}`);
    const form = isThis ? this.fronts.formOf(order.prepared) : undefined;
    response.set(headersOf(this.fronts.address)).type('text/html; charset=utf-8');
    if (form === undefined) {
      response.status(404).send(nothingToPayPage());
      return;
    }
    response.send(frontPage(this.fronts.address, form));
  }
}

/** Of the same length, so that a wrong secret takes as long as the right one. */
function endsIn(url: string, ending: string): boolean {
  const [own, said] = [Buffer.from(url.slice(url.lastIndexOf('/'))), Buffer.from(ending)];
  return own.length === said.length && timingSafeEqual(own, said);
}
