// Passkeys that unlock the notebook. The passkey's authenticator turns a salt into a secret that only it can make (the PRF
// extension of WebAuthn, https-only); the secret wraps the data key. No server takes part, so challenges and signatures are not looked at.

import { randomBytes } from './bytes.js';
import { NotebookError } from './notebook-error.js';

/** @import { Bytes } from './bytes.js' */
/** @import { PasskeySlot } from './keyring.js' */

/** Of this site's passkey, as a device's own list names it. */
const NAME = 'Inkread notebook';

/** Whether it is worth offering. Browsers that do not tell are tried. */
export async function canUsePasskeys() {
  if (!('PublicKeyCredential' in globalThis)) return false;
  const capabilities = await PublicKeyCredential.getClientCapabilities?.().catch(() => null);
  return capabilities?.['extension:prf'] !== false;
}

/** Asks for a new passkey, and its secret. @returns {Promise<{ credential: Bytes, salt: Bytes, secret: Bytes }>} */
export async function createPasskey() {
  const salt = randomBytes(32);
  const created = await asked(() => navigator.credentials.create({
    publicKey: {
      challenge: randomBytes(32),
      rp: { name: 'Inkread' },
      user: { id: randomBytes(16), name: NAME, displayName: NAME },
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }, { type: 'public-key', alg: -257 }],
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
      extensions: { prf: { eval: { first: salt } } },
    },
  }));
  const { prf } = created.getClientExtensionResults();
  const credential = new Uint8Array(created.rawId);
  if (prf?.results?.first) return { credential, salt, secret: bytesOf(prf.results.first) };
  if (!prf?.enabled) throw new NotebookError('passkey-useless');
  // Some authenticators give it only when they are asked a second time.
  const { secret } = await askPasskey([{ credential, salt }]);
  return { credential, salt, secret };
}

/**
 * Asks for any of these passkeys.
 * @param {Pick<PasskeySlot, 'credential' | 'salt'>[]} slots
 * @returns {Promise<{ credential: Bytes, secret: Bytes }>}
 */
export async function askPasskey(slots) {
  const evalByCredential = Object.fromEntries(slots.map(({ credential, salt }) => [base64Url(credential), { first: salt }]));
  const answer = await asked(() => navigator.credentials.get({
    publicKey: {
      challenge: randomBytes(32),
      allowCredentials: slots.map(({ credential }) => ({ type: 'public-key', id: credential })),
      userVerification: 'required',
      extensions: { prf: { evalByCredential } },
    },
  }));
  const secret = answer.getClientExtensionResults().prf?.results?.first;
  if (!secret) throw new NotebookError('passkey-useless');
  return { credential: new Uint8Array(answer.rawId), secret: bytesOf(secret) };
}

/** Tells the device, where it listens, that the passkey opens nothing any more. @param {Bytes} credential */
export async function forgetPasskey(credential) {
  const { signalUnknownCredential } = /** @type {any} */ (globalThis.PublicKeyCredential ?? {});
  await signalUnknownCredential?.call(PublicKeyCredential, { rpId: location.hostname, credentialId: base64Url(credential) })
    .catch(() => {});
}

/** @param {() => Promise<Credential | null>} ask @returns {Promise<PublicKeyCredential>} */
async function asked(ask) {
  try {
    const credential = await ask();
    if (credential) return /** @type {PublicKeyCredential} */ (credential);
  } catch (error) {
    throw new NotebookError('passkey-failed', { cause: error });
  }
  throw new NotebookError('passkey-failed');
}

/** @param {BufferSource} source @returns {Bytes} */
function bytesOf(source) {
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
}

/** @param {Bytes} bytes */
const base64Url = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
