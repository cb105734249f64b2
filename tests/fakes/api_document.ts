import assert from "node:assert/strict";
import { z } from "zod";

const mediaSchema = z.object({ schema: z.record(z.string(), z.unknown()) });
const operationSchema = z.object({
  operationId: z.string(),
  summary: z.string(),
  tags: z.array(z.string()),
  parameters: z.array(
    z.object({ name: z.string(), in: z.string(), required: z.boolean() })
      .loose(),
  ).default([]),
  responses: z.record(
    z.string(),
    z.object({
      description: z.string(),
      content: z.record(z.string(), mediaSchema).optional(),
    }),
  ),
}).loose();

const documentSchema = z.object({
  openapi: z.literal("3.1.0"),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({
    schemas: z.record(z.string(), z.record(z.string(), z.unknown())),
  }).loose(),
}).loose();

export type Operation = z.infer<typeof operationSchema>;

export interface Answer {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** An OpenAPI document as its reader sees it: what it promises, and whether an answer keeps that. */
export class ApiDocument {
  readonly paths: z.infer<typeof documentSchema>["paths"];
  readonly #schemas: Readonly<Record<string, unknown>>;
  readonly #validators = new Map<string, z.ZodType>();

  constructor(json: unknown) {
    const { paths, components } = documentSchema.parse(json);
    this.paths = paths;
    this.#schemas = components.schemas;
  }

  /** The operation that answers a request, by its documented path; undefined for none. */
  operation(method: string, path: string): Operation | undefined {
    const [pathname = ""] = path.split("?");
    const template = this.paths[pathname] === undefined
      ? Object.keys(this.paths).find((it) => isPathOf(it, pathname))
      : pathname;
    const verb = method === "HEAD" ? "get" : method.toLowerCase();
    return template === undefined ? undefined : this.paths[template]?.[verb];
  }

  /** Fails unless the operation's documentation has the status, the content type and the very shape of the body. */
  assertDocumented(answer: Answer): void {
    const { method, path, status, contentType, text } = answer;
    const what = `${status} of ${method} ${path}`;
    const operation = this.operation(method, path);
    assert.ok(operation, `${what}: no such operation in the document`);
    const response = operation.responses[String(status)];
    assert.ok(response, `${what}: no such status in the document`);
    const type = contentType.split(";")[0] ?? "";
    const schema = response.content?.[type]?.schema;
    assert.ok(schema, `${what}: no content of type ${type} in the document`);
    if (method === "HEAD") return;
    const value: unknown = type === "application/json"
      ? JSON.parse(text)
      : text;
    const result = this.#validator(schema).safeParse(value);
    assert.ok(result.success, `${what}: ${text}: ${result.error?.message}`);
  }

  /** Fails unless the value is an error as documented. */
  assertError(value: unknown): void {
    const schema = { $ref: "#/components/schemas/Error" };
    const result = this.#validator(schema).safeParse(value);
    assert.ok(result.success, `${result.error?.message}`);
  }

  #validator(schema: Readonly<Record<string, unknown>>): z.ZodType {
    const text = JSON.stringify({ ...schema, $defs: this.#schemas })
      .replaceAll("#/components/schemas/", "#/$defs/");
    let validator = this.#validators.get(text);
    if (validator === undefined) {
      validator = z.fromJSONSchema(JSON.parse(text));
      this.#validators.set(text, validator);
    }
    return validator;
  }
}

function isPathOf(template: string, pathname: string): boolean {
  const parts = template.split("/");
  const given = pathname.split("/");
  return parts.length === given.length &&
    parts.every((part, i) => part.startsWith("{") || part === given[i]);
}
