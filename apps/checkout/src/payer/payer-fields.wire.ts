import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIP, Matches } from 'class-validator';
import { MayBeAbsent } from '../platform-api/absent.wire.js';

/** What only the provider's gateway may read of a payer. Sealed on the way in; kept nowhere in clear. */
export class PayerFields {
  @ApiPropertyOptional({
    pattern: '^[\\w-]{1,128}$',
    description: "The payer's id at the provider, for one app of the merchant.",
  })
  @MayBeAbsent()
  @Matches(/^[\w-]{1,128}$/)
  openid?: string;

  @ApiPropertyOptional({ description: "Address of the payer's device, IPv4 or IPv6." })
  @MayBeAbsent()
  @IsIP()
  clientIp?: string;

  @ApiPropertyOptional({
    pattern: '^[0-9A-Za-z]{1,64}$',
    description: 'Of the code that the payer shows in a store.',
  })
  @MayBeAbsent()
  @Matches(/^[0-9A-Za-z]{1,64}$/)
  code?: string;
}
