import { OpenAPIHono } from "@hono/zod-openapi";
import { requestId } from "hono/request-id";
import type { FetchHandler } from "../runtime/runtime.ts";
import type { HttpApp, HttpEnv } from "./context.ts";
import { guard } from "./middleware/access.ts";
import { logAccess } from "./middleware/access_log.ts";
import { addAllowedMethods } from "./middleware/allowed_methods.ts";
import { takeBody } from "./middleware/body.ts";
import { nameThrown } from "./middleware/name_thrown.ts";
import { setSecurityHeaders } from "./middleware/security_headers.ts";
import type { AppOptions } from "./options.ts";
import { RequestError, toHubError } from "./request_error.ts";
import { addAdminRoutes } from "./routes/admin.ts";
import { addClientRoutes } from "./routes/clients.ts";
import { addHealthRoutes } from "./routes/health.ts";
import { addMessageRoutes } from "./routes/messages.ts";
import { addMetricsRoute } from "./routes/metrics.ts";
import { addNodeRoutes } from "./routes/nodes.ts";
import { addReferenceRoutes } from "./routes/reference.ts";
import { addRoomRoutes } from "./routes/rooms.ts";
import { addTryPage } from "./routes/try_page.ts";
import { addWebSocketRoute } from "./routes/websocket.ts";
import { refuseInvalid } from "./validation.ts";

/**
 * The HTTP side of a node: health, metrics, `/api`, its reference and the try page. It never
 * listens; whoever does hands it every request that is no upgrade. Its `fetch` never throws.
 *
 * Source: `docs/protocol.md`, HTTP API.
 */
export function createApp(
  options: AppOptions,
): { readonly fetch: FetchHandler } {
  const app = buildApp(options);
  return {
    fetch: (request, { remoteAddress }) =>
      app.fetch(withWholeUrl(request), { remoteAddress }),
  };
}

/** Bun leaves the URL a mere path where a request names no usable host, as HTTP/1.0 allows. */
function withWholeUrl(request: Request): Request {
  return request.url.startsWith("/")
    ? new Request(`http://host.invalid${request.url}`, request)
    : request;
}

/** The same, with its routes to look at. */
export function buildApp(options: AppOptions): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>({ defaultHook: refuseInvalid });
  addErrorAnswers(app, options);
  app.use(requestId());
  app.use(logAccess(options));
  app.use(setSecurityHeaders());
  app.use("/api/*", guard({ apiKey: () => options.settings().apiKey }));
  app.use(takeBody({
    clock: options.clock,
    maxBytes: () => options.settings().maxBodyBytes,
  }));
  app.use(nameThrown());

  addTryPage(app, options);
  addHealthRoutes(app, options);
  addMetricsRoute(app, options);
  addNodeRoutes(app, options);
  addRoomRoutes(app, options);
  addMessageRoutes(app, options);
  addClientRoutes(app, options);
  addAdminRoutes(app, options);
  addReferenceRoutes(app, options);
  addWebSocketRoute(app, options);
  addAllowedMethods(app);
  return app;
}

/** Every answer that is an error is made here, whoever throws it. */
function addErrorAnswers(app: HttpApp, options: AppOptions): void {
  const { logger, errors } = options;

  app.notFound((c) => {
    throw new RequestError("UNKNOWN_MESSAGE_TYPE", {
      status: 404,
      details: `Cannot ${c.req.method} ${c.req.path}: there is no such path`,
    });
  });

  app.onError((thrown, c) => {
    const error = toHubError(thrown);
    const { code, text: message, http } = error.spec;
    const { status, headers } = error instanceof RequestError
      ? error
      : { status: http, headers: {} };
    errors.count(error.kind);
    if (status >= 500) {
      logger.error({
        err: error,
        request_id: c.var.requestId,
        method: c.req.method,
        path: c.req.path,
      }, "http request failed");
    }
    return c.body(
      JSON.stringify({ code, message, details: error.details }),
      status,
      { "content-type": "application/json", ...headers },
    );
  });
}
