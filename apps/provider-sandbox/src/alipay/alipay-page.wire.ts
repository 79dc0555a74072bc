import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';

const TRADE_NUMBER = /^\d{16,64}$/;

/** GET /alipay/open: what a payer scans, or what an app was given. */
export class BroughtWire {
  @IsString() @MaxLength(8_192) what!: string;
}

/** GET /alipay/cashier */
export class OpenedWire {
  @Matches(TRADE_NUMBER) trade_no!: string;
  @IsOptional() @IsIn(['declined']) tried?: 'declined';
}

/** POST /alipay/pay, from the page's own form. */
export class ChoiceWire {
  @Matches(TRADE_NUMBER) trade_no!: string;
  @IsString() @MaxLength(32) wallet!: string;
  @IsIn(['pay', 'decline']) action!: 'pay' | 'decline';
}
