/** What stands in the log where a secret was. */
export const REDACTED = "[Redacted]";

/** Longer texts are cut in the log, so that one line stays bounded whatever a peer sent. */
const MAX_TEXT_LENGTH = 8_192;

/** How names of fields that hold secrets end, in lower case without `-` and `_`: `access_token`, `X-Api-Key`. */
const SECRET_KEY =
  /(?:tokens?|passwords?|passwd|secrets?|secretkeys?|privatekeys?|apikeys?|authorization|cookies?)$/;

const NAMES =
  "(?:token|password|passwd|secret|private[_-]?key|api[_-]?key|authorization|cookie)(?:[_-]?key)?s?";

/** What is replaced, each behind the part that stays. Every pattern takes time linear in the text. */
const SECRETS: readonly RegExp[] = [
  // token=… in a query string or a form, also percent-encoded inside another URL
  new RegExp(`(${NAMES}(?:=|%3D))[^&#\\s"'<>\\\\]+`, "gi"),
  // "token": "…" in JSON, token: '…' in an inspected object
  new RegExp(
    `(${NAMES}["']?\\s{0,8}:\\s{0,8})(?:"(?:[^"\\\\]|\\\\.)*"?|'(?:[^'\\\\]|\\\\.)*'?)`,
    "gi",
  ),
  // "token": 123
  new RegExp(`(${NAMES}["']\\s{0,8}:\\s{0,8})[^\\s,}\\]"'\\\\[]+`, "gi"),
  // \"token\":\"…\" in JSON inside a JSON string
  new RegExp(
    `(${NAMES}\\\\"\\s{0,8}:\\s{0,8}\\\\")(?:[^"\\\\]|\\\\{3}.)*`,
    "gi",
  ),
  /(cookie\s{0,8}:\s{0,8})[\w!#$%&'*+.^`|~-]{1,256}=[^\r\n]*/gi,
  /(\bbearer\s{1,8})[\w.~+/=-]+/gi,
  /(\bauthorization\s{0,8}:\s{0,8}basic\s{1,8})[\w.~+/=-]+/gi,
  // A JSON Web Token, wherever it stands
  /((?<![\w-]))eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g,
  // ://user:password in the URL of a server
  /(:\/\/)[^\s/?#]+(?=@)/g,
];

/** Controls but tab and line feed: in a terminal they would let a peer repaint the log. */
// deno-lint-ignore no-control-regex -- they are what is looked for
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]/g;

/** Whether what a field of this name holds must not be logged. */
export function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key.toLowerCase().replaceAll(/[-_]/g, ""));
}

/**
 * The text as it may be logged: secrets in URLs, headers and JSON replaced, control characters
 * written out, and cut to 8,192 characters.
 */
export function redactText(text: string): string {
  const isCut = text.length > MAX_TEXT_LENGTH;
  let safe = isCut ? text.slice(0, MAX_TEXT_LENGTH) : text;
  for (const pattern of SECRETS) {
    safe = safe.replace(pattern, `$1${REDACTED}`);
  }
  safe = safe.replace(CONTROLS, writeOut);
  return isCut ? `${safe}… (${text.length} characters)` : safe;
}

function writeOut(control: string): string {
  return `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
