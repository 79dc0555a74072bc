import { types } from 'node:util';
import { safeToLog } from '@hutong/telemetry';

/** Why there is no answer. `refused`, `dns` and `tls` failed before a request could leave. */
export type UnreachableCode =
  'timeout' | 'refused' | 'reset' | 'dns' | 'tls' | 'too_large' | 'malformed';

/** The other side gave no whole answer. That money has not moved does not follow from it. */
export class Unreachable extends Error {
  readonly [safeToLog] = true;

  constructor(
    readonly code: UnreachableCode,
    options?: ErrorOptions,
  ) {
    super(`no answer: ${code}`, options);
    this.name = 'Unreachable';
  }

  /** False only where it is certain that the other side saw nothing of the request. */
  get mayHaveArrived(): boolean {
    switch (this.code) {
      case 'refused':
      case 'dns':
      case 'tls':
        return false;
      case 'timeout':
      case 'reset':
      case 'too_large':
      case 'malformed':
        return true;
    }
  }
}

const codes: Readonly<Record<string, UnreachableCode>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  // A way that was lost may be lost behind the request.
  EHOSTUNREACH: 'reset',
  ENETUNREACH: 'reset',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  // Of the first words of a handshake. Others of its kind may also come after the request has left.
  ERR_SSL_WRONG_VERSION_NUMBER: 'tls',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'tls',
};

/**
 * Node's fetch says "fetch failed" and hangs the reason behind it, sometimes several deep. It may be
 * an error of another realm, of which `instanceof` knows nothing.
 */
export function codeOfFailure(thrown: unknown): UnreachableCode {
  for (let error = thrown; types.isNativeError(error); error = error.cause) {
    const told = 'code' in error && typeof error.code === 'string' ? error.code : '';
    const known = codes[told];
    if (known !== undefined) return known;
    if (/^(ERR_TLS_CERT|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/.test(told)) return 'tls';
    if (told.startsWith('HPE_') || error.name === 'HTTPParserError') return 'malformed';
  }
  return 'reset';
}
