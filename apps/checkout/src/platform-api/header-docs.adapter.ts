import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader } from '@nestjs/swagger';

/** What every POST understands. */
export const TakesIdempotencyKey = (): MethodDecorator & ClassDecorator =>
  applyDecorators(
    ApiBearerAuth(),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description:
        'Makes the request repeatable for 30 days: the same key, path and body answer with the first ' +
        "one's status and what is true now.",
    }),
  );

/** The headers of a POST that waits for what happens next. */
export const TakesPostHeaders = (): MethodDecorator & ClassDecorator =>
  applyDecorators(TakesIdempotencyKey(), TakesPrefer());

/** How long a POST may wait. */
export const TakesPrefer = (): MethodDecorator & ClassDecorator =>
  ApiHeader({
    name: 'Prefer',
    required: false,
    description:
      '`wait=N`: seconds to wait for what happens next, at most 30; 3 if left out. A request that was ' +
      'given no time, since too many wait already, is answered at once and without `Preference-Applied`.',
  });
