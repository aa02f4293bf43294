/** What a failed handshake was about: whoever connects says what to do about it, in terms of its settings. */
export type TlsTrouble =
  | 'untrusted'
  | 'wrong_name'
  | 'expired'
  | 'not_tls'
  | 'certificate_wanted'
  | 'certificate_refused'
  | 'broken_off';

/** By the code of the error, the first that fits. OpenSSL names an alert by the version of TLS that brought it in, or by none. */
const TROUBLES: readonly [code: RegExp, trouble: TlsTrouble][] = [
  [/^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|CERT_SIGNATURE_FAILURE)$/, 'untrusted'],
  [/^UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT(_LOCALLY)?)$/, 'untrusted'],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'wrong_name'],
  [/^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/, 'expired'],
  [/_ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE)$/, 'certificate_wanted'],
  [/_ALERT_(UNKNOWN_CA|CERTIFICATE_UNKNOWN|CERTIFICATE_EXPIRED|CERTIFICATE_REVOKED)$/, 'certificate_refused'],
  [/^ERR_SSL_|^EPROTO$/, 'broken_off'],
];
/** A server that answered with something else, or ended the connection instead of shaking hands. The codes do not say so in every version of Node. */
const NO_TLS = /wrong version number|packet length too long|disconnected before secure TLS connection was established/;

/** Null: it was not about TLS. */
export function tlsTrouble(error: unknown): TlsTrouble | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = 'code' in cause ? String(cause.code) : '';
    if (NO_TLS.test(cause.message)) return 'not_tls';
    const known = TROUBLES.find(([pattern]) => pattern.test(code));
    if (known !== undefined) return known[1];
  }
  return null;
}

/** In words, with what to do. `settings`: the section that has the `ssl_..._file`s. `plain`: what to do when there is no TLS there. */
export function explainTls(trouble: TlsTrouble, settings: string, plain: string): { what: string; hint: string } {
  switch (trouble) {
    case 'untrusted':
      return {
        what: 'its certificate is not signed by anybody who is trusted here',
        hint: `set ${settings}.ssl_ca_file to the certificate of the authority that signed it`,
      };
    case 'wrong_name':
      return {
        what: 'its certificate is for another name',
        hint: 'use a name or address that the certificate lists (subjectAltName)',
      };
    case 'expired':
      return { what: 'its certificate has expired, or is not valid yet', hint: 'renew it, and check the clocks' };
    case 'not_tls':
      return { what: 'it does not speak TLS on this port', hint: plain };
    case 'certificate_wanted':
      return {
        what: 'it wants a certificate of ours',
        hint: `set ${settings}.ssl_cert_file and ${settings}.ssl_key_file`,
      };
    case 'certificate_refused':
      return {
        what: 'it does not believe our certificate',
        hint: `set ${settings}.ssl_cert_file to one that an authority has signed which it trusts, and that is still valid`,
      };
    case 'broken_off':
      return {
        what: 'the handshake was broken off',
        hint: 'check which versions of TLS the server allows, and its log',
      };
  }
}
