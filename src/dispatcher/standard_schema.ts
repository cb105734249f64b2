/** Where a value does not fit, and what would. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?:
    | readonly (PropertyKey | { readonly key: PropertyKey })[]
    | undefined;
}

export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/**
 * What zod, valibot, arktype and others implement alike, so that a handler may bring the schema
 * library it likes. Source: Standard Schema, version 1.
 */
export interface StandardSchema<Output> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (
      value: unknown,
    ) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?:
      | { readonly input: unknown; readonly output: Output }
      | undefined;
  };
}

/** An issue as a peer reads it. */
export interface FieldProblem {
  /** Dotted; empty for `data` itself. */
  readonly field: string;
  readonly problem: string;
}

const MAX_PROBLEMS = 5;

/** The first few issues, for the `details` of an error. */
export function fieldProblems(
  issues: readonly SchemaIssue[],
): readonly FieldProblem[] {
  return issues.slice(0, MAX_PROBLEMS).map(({ path = [], message }) => ({
    field: path.map((part) =>
      String(typeof part === "object" ? part.key : part)
    ).join("."),
    problem: message,
  }));
}
