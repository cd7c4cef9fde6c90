import { createPrivateKey } from 'node:crypto';

/** A key that can sign as the App, or why the text is none; the reason never quotes the text. */
export type PrivateKeyReading =
  | { readonly ok: true; readonly pem: string }
  | { readonly ok: false; readonly message: string };

const PEM = /-----BEGIN ([A-Z ]+)-----([\s\S]+?)-----END \1-----/;

/**
 * Reads the App's private key as people paste it: a PEM, a PEM whose line ends became `\n` or
 * blanks on the way through an environment file, or a PEM in base64.
 * Gives it back as PKCS#8 PEM whatever form GitHub handed it out in.
 */
export function readPrivateKey(text: string): PrivateKeyReading {
  const pem = rebuildPem(text) ?? rebuildPem(Buffer.from(text, 'base64').toString('latin1'));
  if (pem === null) {
    return { ok: false, message: 'holds no PEM (a text that starts with -----BEGIN)' };
  }
  if (pem.includes('ENCRYPTED')) {
    return {
      ok: false,
      message: 'is protected by a passphrase; GitHub hands out keys without one',
    };
  }
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType !== 'rsa') {
      return { ok: false, message: 'is not an RSA key; keys of GitHub Apps are' };
    }
    return { ok: true, pem: key.export({ type: 'pkcs8', format: 'pem' }).toString() };
  } catch {
    // The parser's own message may repeat parts of the key, so it goes nowhere.
    return { ok: false, message: 'is a damaged PEM: the private key in it cannot be read' };
  }
}

/** A PEM with proper line ends; null when there is none in `text`. */
function rebuildPem(text: string): string | null {
  const [, label, body] = PEM.exec(text.replaceAll('\\r', '').replaceAll('\\n', '\n')) ?? [];
  if (label === undefined || body === undefined) return null;
  if (body.includes(':')) return `-----BEGIN ${label}-----${body}-----END ${label}-----`;
  const lines = body.replaceAll(/\s+/g, '').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
