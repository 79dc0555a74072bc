import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ReadsTheLedger } from '../operator-api/reads-the-ledger.adapter.js';
import { valueOr } from '../operator-api/refusal-problem.adapter.js';
import { accountRefusals } from '../operator-api/refusals.js';
import { Watermarks } from '../store/watermark.repository.js';
import { balanceView } from './balance-view.js';
import { AccountsQuery, AccountsView, BalanceView } from './balance.wire.js';
import { Balances } from './balances.repository.js';

@ApiTags('books')
@Controller('accounts')
export class BalanceController {
  constructor(
    private readonly balances: Balances,
    private readonly watermarks: Watermarks,
  ) {}

  @Get()
  @ReadsTheLedger()
  @ApiOperation({ summary: 'See the balances of all accounts of a kind, as surplus in suspense' })
  @ApiOkResponse({ type: AccountsView })
  async seeBalances(@Query() { kind }: AccountsQuery): Promise<AccountsView> {
    const watermark = await this.watermarks.read();
    return { accounts: (await this.balances.all(kind)).map(balanceView), watermark };
  }

  @Get(':accountId')
  @ReadsTheLedger(accountRefusals)
  @ApiOperation({ summary: 'See the balance of an account' })
  @ApiParam({ name: 'accountId', example: 'clearing:wechat:taobao:CNY' })
  @ApiOkResponse({ type: BalanceView })
  async seeBalance(@Param('accountId') accountId: string): Promise<BalanceView> {
    const watermark = await this.watermarks.read();
    const balance = valueOr(await this.balances.of(accountId), accountRefusals);
    return { ...balanceView(balance), watermark };
  }
}
