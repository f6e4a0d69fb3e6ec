import { type PeerCertificate, TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import type { TlsTrust } from '../domain/tls-trust.ts';
import { HttpError } from './http-error.ts';

/**
 * A connector for undici that judges by `trust`. A pinned certificate is compared after the
 * handshake and before anything is written. Sessions are never resumed: a resumed session shows no
 * certificate, so a pin could not be compared.
 */
export function tlsConnector(trust: TlsTrust, connectTimeoutMs: number): buildConnector.connector {
  const common = { maxCachedSessions: 0, allowH2: false, timeout: connectTimeoutMs };
  if (trust.kind === 'system') return buildConnector(common);
  if (trust.kind === 'authority') return buildConnector({ ...common, ca: trust.pem });
  const connect = buildConnector({ ...common, rejectUnauthorized: false });
  return (options, callback) => {
    connect(options, (...[error, socket]) => {
      if (error !== null) return callback(error, null);
      const shown = socket instanceof TLSSocket ? fingerprintOf(socket.getPeerCertificate()) : undefined;
      if (shown === trust.sha256) return callback(null, socket);
      socket.destroy();
      callback(pinError(options.hostname, shown), null);
    });
  };
}

function fingerprintOf(certificate: PeerCertificate): string | undefined {
  return certificate.fingerprint256;
}

function pinError(host: string, shown: string | undefined): HttpError {
  const what = shown === undefined ? 'no certificate' : `the certificate ${shown}`;
  return new HttpError('tls-untrusted', `${host} shows ${what}, which is not the pinned one`, {
    sent: false,
  });
}
