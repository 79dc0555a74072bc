import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';

/**
 * Hands a handler's fault on as it was thrown. Nest's own filter puts `{ status: 'error' }` in its
 * place, and nobody could tell any more what happened.
 */
@Catch()
export class OriginalFault implements RpcExceptionFilter {
  catch(fault: unknown): Observable<never> {
    return throwError(() => fault);
  }
}
