/**
 * Writes docs/errors.md from the registry in src/errors.ts.
 *
 *     deno run -A tools/generate_errors_docs.ts
 */
import { writeFileSync } from "node:fs";
import {
  CLOSES,
  type CloseSpec,
  ERRORS,
  type ErrorSpec,
} from "../src/errors.ts";
import { markdownTable } from "./markdown_table.ts";
import { ROOT } from "./project.ts";

export const ERRORS_DOC = "docs/errors.md";

const INTRODUCTION = `# Errors and close codes

Made from \`src/errors.ts\` by \`deno run -A tools/generate_errors_docs.ts\`: change
that file, not this one. A code is never renumbered and never reused.
`;

const ERRORS_TEXT = `## Errors

An \`error\` message carries the code and the text, an HTTP answer the status too.
Retry says whether the same request may succeed later without any change.
`;

const CLOSES_TEXT = `## Close codes

Codes 4000 to 4499 tell a client to reconnect, 4500 to 4999 not to; the others
mean what RFC 6455 says.
`;

/** The whole of docs/errors.md, formatted as `deno fmt` would. */
export function renderErrors(
  errors: Readonly<Record<string, ErrorSpec>>,
  closes: Readonly<Record<string, CloseSpec>>,
): string {
  const errorRows = Object.entries(errors).map(([name, spec]) => [
    `${spec.code}`,
    `\`${name}\``,
    spec.text,
    `${spec.http}`,
    spec.retryable ? "yes" : "no",
  ]);
  const closeRows = Object.entries(closes).map(([name, spec]) => [
    `${spec.code}`,
    `\`${name}\``,
    spec.reason,
    reconnects(spec.code),
  ]);
  return [
    INTRODUCTION,
    ERRORS_TEXT,
    markdownTable([["Code", "Name", "Text", "HTTP", "Retry"], ...errorRows]),
    CLOSES_TEXT,
    markdownTable([["Code", "Name", "Reason", "Reconnect"], ...closeRows]),
  ].join("\n");
}

function reconnects(code: number): string {
  if (code < 4000) return "";
  return code < 4500 ? "yes" : "no";
}

if (import.meta.main) {
  writeFileSync(ROOT + ERRORS_DOC, renderErrors(ERRORS, CLOSES));
}
