/** Why an exchange over HTTP gave no answer; each is also a code that an adapter may report as it is. */
export type HttpFailure = 'unreachable' | 'timeout' | 'tls-untrusted' | 'bad-response' | 'cancelled';

/** No usable answer came. An answer with an error status is not such an error: it is an answer. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly code: HttpFailure;
  /** False when nothing of the request can have reached the server, so that it may go elsewhere. */
  readonly sent: boolean;

  constructor(code: HttpFailure, message: string, details: { sent: boolean; cause?: unknown }) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.sent = details.sent;
  }
}

/** What a status says about the caller, where it says anything (RFC 9110 section 15.5). */
export function codeOfStatus(
  status: number,
): 'authentication-refused' | 'permission-refused' | 'timeout' | 'unreachable' | undefined {
  if (status === 401) return 'authentication-refused';
  if (status === 403) return 'permission-refused';
  if (status === 408 || status === 504) return 'timeout';
  if (status === 502 || status === 503) return 'unreachable';
  return undefined;
}

/** Verification results of OpenSSL (X509_verify_cert_error_string(3)) under the names that Node gives them. */
const untrusted = new Set([
  'CERT_CHAIN_TOO_LONG',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** Failures of the connection's set-up (Node's system errors and undici's own). */
const neverSent = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const timeouts = new Set([
  'ETIMEDOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
]);

const resets = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** True when the other side closed the connection, as a server does with one that it kept alive long enough. */
export function isReset(error: unknown): boolean {
  return resets.has(codeOf(error));
}

/** Whatever undici or Node threw, in our words; `where` is the server as people know it. */
export function httpError(error: unknown, where: string): HttpError {
  if (error instanceof HttpError) return error;
  const code = codeOf(error);
  const cause = error;
  if (untrusted.has(code)) {
    return new HttpError('tls-untrusted', `the certificate of ${where} is not trusted (${code})`, {
      sent: false,
      cause,
    });
  }
  if (timeouts.has(code)) {
    return new HttpError('timeout', `${where} did not answer in time`, { sent: !neverSent.has(code), cause });
  }
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return new HttpError('bad-response', `${where} answers with more than is allowed`, { sent: true, cause });
  }
  if (code.startsWith('HPE_')) {
    return new HttpError('bad-response', `${where} does not speak HTTP (${code})`, { sent: true, cause });
  }
  const shown = code === '' ? messageOf(error) : code;
  return new HttpError('unreachable', `no connection to ${where} (${shown})`, {
    sent: !neverSent.has(code),
    cause,
  });
}

/** The code of an error or of the first one inside an aggregate (one per address that was tried). */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
