import type { z } from "@hono/zod-openapi";
import { errorSchema } from "./schemas.ts";

const ERROR_TEXTS = {
  400: "The request is malformed",
  401: "The API key is missing or wrong",
  403:
    "No API key is configured, and the request does not come from this machine",
  404: "There is no such thing",
  408: "The body did not come in time",
  409: "It exists already",
  413: "The body or the message is too large",
  415: "The body is not JSON by its content-type",
  429: "A limit is reached",
  500: "Something failed inside; the log has the reason under the request's id",
} as const;

/** A status documented as an error. */
export type ErrorStatus = keyof typeof ERROR_TEXTS;

/** A JSON answer for a route's documentation. */
export function json<Schema extends z.ZodType>(
  description: string,
  schema: Schema,
) {
  return { description, content: { "application/json": { schema } } };
}

/** A body that has to be there, as JSON. */
export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: { "application/json": { schema } } };
}

/** The errors of an `/api` route: the given ones and those that any of them may answer. */
export function apiErrors<Status extends ErrorStatus = never>(
  ...statuses: readonly Status[]
) {
  return errors<Status | 401 | 403 | 500>(401, 403, 500, ...statuses);
}

/** The errors of an `/api` route that reads a body. */
export function bodyErrors<Status extends ErrorStatus = never>(
  ...statuses: readonly Status[]
) {
  return apiErrors<Status | 400 | 408 | 413 | 415>(
    400,
    408,
    413,
    415,
    ...statuses,
  );
}

type ErrorAnswers<Status extends ErrorStatus> = {
  readonly [S in Status]: ReturnType<typeof json<typeof errorSchema>>;
};

function errors<Status extends ErrorStatus>(
  ...statuses: readonly Status[]
): ErrorAnswers<Status> {
  const entries = statuses.map((status) =>
    [status, json(ERROR_TEXTS[status], errorSchema)] as const
  );
  return Object.fromEntries(entries) as ErrorAnswers<Status>;
}
