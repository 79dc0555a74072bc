import { IsIn, IsOptional, IsString, IsUrl, MaxLength } from 'class-validator';

const LONGEST_TEXT = 4_096;

/** GET /pay: what was scanned, or which cashier is open already. */
export class ScannedWire {
  @IsString() @MaxLength(512) code_url!: string;
  @IsOptional() @IsIn(['declined', 'left']) tried?: 'declined' | 'left';
  @IsOptional() @IsReturnUrl() redirect_url?: string;
}

/** GET /h5: where an h5_url leads, with what the merchant put behind it. */
export class H5Wire {
  @IsString() @MaxLength(64) prepay_id!: string;
  @IsOptional() @IsString() @MaxLength(64) package?: string;
  @IsOptional() @IsReturnUrl() redirect_url?: string;
}

/** GET /client: what an app or a mini program hands over, as JSON. */
export class ClientWire {
  @IsString() @MaxLength(LONGEST_TEXT) parameters!: string;
}

/** POST /pay, from the page's own form. */
export class ChoiceWire {
  @IsString() @MaxLength(512) code_url!: string;
  @IsIn(['pay', 'decline', 'leave']) action!: 'pay' | 'decline' | 'leave';
  @IsOptional() @IsReturnUrl() redirect_url?: string;
}

/** It becomes a link: so http and https, and nothing that a browser would run. */
function IsReturnUrl(): PropertyDecorator {
  const isUrl = IsUrl({
    protocols: ['http', 'https'],
    require_protocol: true,
    require_tld: false,
  });
  return (target, property) => isUrl(target, String(property));
}
