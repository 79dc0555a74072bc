import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';

/** GET /pay */
export class ScannedWire {
  @IsString() @MaxLength(512) code_url!: string;
  @IsOptional() @IsIn(['declined']) tried?: 'declined';
}

/** POST /pay, from the page's own form. */
export class ChoiceWire {
  @IsString() @MaxLength(512) code_url!: string;
  @IsIn(['pay', 'decline']) action!: 'pay' | 'decline';
}
