import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { CLOSES, ERRORS } from "../../../src/errors.ts";
import {
  ERRORS_DOC,
  renderErrors,
} from "../../../tools/generate_errors_docs.ts";
import { ROOT } from "../../../tools/project.ts";

test("renderErrors() lists every error and close code", () => {
  const text = renderErrors({
    NOT_HERE: { code: 3000, text: "not here", http: 404, retryable: false },
    BUSY: { code: 1007, text: "busy", http: 503, retryable: true },
  }, {
    NORMAL: { code: 1000, reason: "normal" },
    DRAINING: { code: 4000, reason: "draining" },
    LIMIT: { code: 4499, reason: "limit" },
    KICKED: { code: 4500, reason: "kicked" },
  });
  const tables = text.split("\n").filter((line) => line.startsWith("|"));
  assert.deepEqual(tables, [
    "| Code | Name       | Text     | HTTP | Retry |",
    "| ---- | ---------- | -------- | ---- | ----- |",
    "| 3000 | `NOT_HERE` | not here | 404  | no    |",
    "| 1007 | `BUSY`     | busy     | 503  | yes   |",
    "| Code | Name       | Reason   | Reconnect |",
    "| ---- | ---------- | -------- | --------- |",
    "| 1000 | `NORMAL`   | normal   |           |",
    "| 4000 | `DRAINING` | draining | yes       |",
    "| 4499 | `LIMIT`    | limit    | yes       |",
    "| 4500 | `KICKED`   | kicked   | no        |",
  ]);
});

test("docs/errors.md is what the registry makes", () => {
  assert.equal(
    readFileSync(ROOT + ERRORS_DOC, "utf8"),
    renderErrors(ERRORS, CLOSES),
  );
});
