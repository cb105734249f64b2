const HASHED_KEY = /^sha256:([0-9a-f]{64})$/i;

const encoder = new TextEncoder();

/**
 * Whether a key is the configured one, which may be written down as `sha256:` and the key's SHA-256
 * in hex. Only digests are compared, and always whole: the time it takes tells nothing of the key.
 */
export async function isSameKey(
  given: string,
  configured: string,
): Promise<boolean> {
  const hashed = HASHED_KEY.exec(configured)?.[1];
  const expected = hashed?.toLowerCase() ?? await digest(configured);
  const actual = await digest(given);
  let difference = 0;
  for (let i = 0; i < actual.length; i++) {
    difference |= actual.charCodeAt(i) ^ expected.charCodeAt(i);
  }
  return difference === 0;
}

async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", encoder.encode(text));
  return [...new Uint8Array(bytes)]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
