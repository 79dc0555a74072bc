import { problem } from '@hutong/http';
import { Body, Controller, Delete, Get, HttpCode, Post, UseGuards } from '@nestjs/common';
import { SandboxClock } from '../clock/sandbox-clock.adapter.js';
import { Faults, type Fault } from '../faults/faults.js';
import { checkFault } from '../faults/known-faults.js';
import { PLAYED } from '../played-providers.module.js';
import { ClockWire, FaultWire, MANY } from './control.wire.js';
import { LoopbackOnly } from './loopback-only.adapter.js';

const CATALOGUES = PLAYED.map(({ faults }) => faults);

type ClockView = Readonly<{ now: string; ordersAt: string; scale: number }>;

/** What is common to all providers: what goes wrong, and how time passes. */
@Controller('control')
@UseGuards(LoopbackOnly)
export class WorldControlController {
  constructor(
    private readonly faults: Faults,
    private readonly clock: SandboxClock,
  ) {}

  @Post('faults')
  arm(@Body() wire: FaultWire): Fault {
    const { share, seed = 0 } = wire;
    const odds = share === undefined ? undefined : { share, seed };
    const checked = checkFault(
      {
        provider: wire.provider,
        call: wire.call,
        fault: wire.fault,
        times: wire.times ?? (odds === undefined ? 1 : MANY),
        odds,
        delayMs: wire.delayMs ?? 0,
        code: wire.code,
        outTradeNo: wire.outTradeNo,
      },
      CATALOGUES,
    );
    if (!checked.ok) throw problem({ status: 422, ...checked.refusal });
    this.faults.arm(checked.value);
    return checked.value;
  }

  /** Those that have not struck yet. */
  @Get('faults')
  armed(): readonly Fault[] {
    return this.faults.list();
  }

  @Delete('faults')
  @HttpCode(204)
  disarm(): void {
    this.faults.clear();
  }

  @Get('clock')
  time(): ClockView {
    const { at, orderMs } = this.clock.moment();
    return {
      now: at.toISOString(),
      ordersAt: new Date(orderMs).toISOString(),
      scale: this.clock.scale,
    };
  }

  @Post('clock')
  @HttpCode(200)
  change(@Body() { scale, advanceMs }: ClockWire): ClockView {
    if (scale !== undefined) this.clock.rescale(scale);
    if (advanceMs !== undefined) this.clock.advance(advanceMs);
    return this.time();
  }
}
