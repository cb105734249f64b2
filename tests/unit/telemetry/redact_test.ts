import assert from "node:assert/strict";
import { test } from "node:test";
import { isSecretKey, redactText } from "../../../src/telemetry/redact.ts";

test("isSecretKey() knows a secret by its name, however it is written", () => {
  const secret = [
    "token",
    "tokens",
    "access_token",
    "accessToken",
    "refresh-token",
    "Authorization",
    "Proxy-Authorization",
    "api_key",
    "apiKey",
    "X-API-Key",
    "password",
    "redis_password",
    "secret",
    "client_secret",
    "secret_key",
    "SECRET_KEYS",
    "private_key",
    "cookie",
    "Set-Cookie",
  ];
  for (const key of secret) assert.ok(isSecretKey(key), key);
  const open = [
    "client_id",
    "secret_key_file",
    "token_type",
    "key",
    "room_id",
    "author",
    "passed",
    "",
  ];
  for (const key of open) assert.ok(!isSecretKey(key), key);
});

test("redactText() replaces secrets in texts", () => {
  const cases: [text: string, safe: string][] = [
    ["/ws?token=abc", "/ws?token=[Redacted]"],
    ["/ws?token=abc&client_id=a", "/ws?token=[Redacted]&client_id=a"],
    ["/ws?a=1&Access_Token=abc#x", "/ws?a=1&Access_Token=[Redacted]#x"],
    ["GET /ws?api-key=abc HTTP/1.1", "GET /ws?api-key=[Redacted] HTTP/1.1"],
    ["'/ws?token=abc'", "'/ws?token=[Redacted]'"],
    ["/ws?token=a%20b%26c", "/ws?token=[Redacted]"],
    [
      "/login?next=%2Fws%3Ftoken%3Dabc%26b",
      "/login?next=%2Fws%3Ftoken%3D[Redacted]",
    ],
    ['{"token":"abc","a":1}', '{"token":[Redacted],"a":1}'],
    ['{"token": "a\\"bc", "a": 1}', '{"token": [Redacted], "a": 1}'],
    ['{"password":"it\'s"}', '{"password":[Redacted]}'],
    ['{"api_key":12345,"a":1}', '{"api_key":[Redacted],"a":1}'],
    ['{"token":"abc', '{"token":[Redacted]'],
    ["{ token: 'abc', a: 1 }", "{ token: [Redacted], a: 1 }"],
    [
      '"{\\"token\\":\\"abc\\",\\"a\\":1}"',
      '"{\\"token\\":\\"[Redacted]\\",\\"a\\":1}"',
    ],
    ["Cookie: sid=abc; b=c", "Cookie: [Redacted]"],
    ["Authorization: Bearer abc.def", "Authorization: Bearer [Redacted]"],
    ["authorization: Basic dXNlcjpw", "authorization: Basic [Redacted]"],
    [
      "Cannot connect to redis://user:p@ss@127.0.0.1:6379/0",
      "Cannot connect to redis://[Redacted]@127.0.0.1:6379/0",
    ],
    ["redis://:pass@h", "redis://[Redacted]@h"],
    [
      "jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln is bad",
      "jwt [Redacted] is bad",
    ],
  ];
  for (const [text, safe] of cases) assert.equal(redactText(text), safe);
});

test("redactText() leaves alone what is no secret", () => {
  const texts = [
    "node started",
    "Cannot verify token: it is expired",
    "Unexpected token 'x' in JSON at position 3",
    "Cannot read secret_key_file: no such file",
    "Cannot use cookie: no such header",
    "http://127.0.0.1:8080/rooms/a@b?limit=5",
    "at file:///app/src/hub/room.ts:12:5",
    "tab\tand\nline feed",
    "eyJust a word. And another",
    "日本語 😀",
    "",
  ];
  for (const text of texts) assert.equal(redactText(text), text);
});

test("redactText() writes control characters out", () => {
  assert.equal(
    redactText("a\x1b[31mred\r\x07\x00\x9b\u2028b"),
    "a\\u001b[31mred\\u000d\\u0007\\u0000\\u009b\\u2028b",
  );
});

test("redactText() cuts a long text, and no secret survives the cut", () => {
  const text = "x".repeat(8_180) + "?token=abcdefgh";
  assert.equal(
    redactText(text),
    "x".repeat(8_180) + "?token=[Redacted]… (8195 characters)",
  );
});

test("redactText() stays fast on texts made to slow it down", () => {
  const pieces = [
    "eyJ",
    "-eyJ",
    "eyJa.",
    "token",
    "token=",
    'token"',
    'token":"',
    "token\\",
    '\\"token\\":\\"',
    "cookie: a",
    "cookie:",
    "bearer ",
    "://",
    "://a",
    "@",
    " ",
    "\\",
    '"',
    "api_key_key",
  ];
  const start = performance.now();
  for (const piece of pieces) redactText(piece.repeat(100_000));
  // Far above what it takes; a pattern that backtracks would take minutes.
  assert.ok(performance.now() - start < 5_000);
});
