/** A Markdown table, the first row its head, aligned as `deno fmt` would; a `|` in a cell is escaped. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const escaped = rows.map((row) =>
    row.map((cell) => cell.replaceAll("|", "\\|"))
  );
  const [head = [], ...body] = escaped;
  const widths = head.map((_, column) =>
    Math.max(...escaped.map((row) => (row[column] ?? "").length))
  );
  const line = (row: readonly string[]) =>
    `| ${
      widths.map((width, i) => (row[i] ?? "").padEnd(width)).join(" | ")
    } |\n`;
  const rule = widths.map((width) => "-".repeat(width));
  return [head, rule, ...body].map(line).join("");
}
