import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';

const LONGEST_CODE = 256;

/** GET /unionpay/pay */
export class OpenedWire {
  /** A tn, or what a QR code says. */
  @IsString() @MaxLength(LONGEST_CODE) code!: string;
  @IsOptional() @IsIn(['declined', 'left']) tried?: 'declined' | 'left';
}

/** GET /unionpay/refused: where a browser is led whose request was refused. */
export class RefusedWire {
  @Matches(/^[0-9A-Z]{2}$/) code!: string;
}

/** POST /unionpay/pay, from the page's own form. */
export class ChoiceWire {
  @IsString() @MaxLength(LONGEST_CODE) code!: string;
  @IsString() @MaxLength(32) wallet!: string;
  @IsIn(['pay', 'decline', 'leave']) action!: 'pay' | 'decline' | 'leave';
}
