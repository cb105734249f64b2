import type { OpenAPIHono } from "@hono/zod-openapi";

/** What a handler finds in its context beside the request. */
export interface HttpEnv {
  readonly Bindings: {
    /** The peer's address as the socket tells it. */
    readonly remoteAddress: string;
  };
  readonly Variables: {
    /** Named in the answer's `x-request-id` and in every log line about the request. */
    readonly requestId: string;
  };
}

/** The application routes are added to. */
export type HttpApp = OpenAPIHono<HttpEnv>;
