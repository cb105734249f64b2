import { createRoute, z } from "@hono/zod-openapi";
import { HubError } from "../../errors.ts";
import { apiErrors, json } from "../answers.ts";
import type { HttpApp } from "../context.ts";
import type { AppOptions } from "../options.ts";

const keysSchema = z.array(z.string());

const reloadRoute = createRoute({
  method: "post",
  path: "/api/admin/reload",
  operationId: "reload",
  tags: ["Administration"],
  summary: "Reads the configuration again",
  description:
    "Applied whole or not at all. A file that is refused changes nothing; `details` says why, one line a problem.",
  responses: {
    200: json(
      "The configuration in force is the one in the file and the environment",
      z.object({
        status: z.enum(["applied", "unchanged"]),
        changed: keysSchema.openapi({ description: "Keys that took effect" }),
        needs_restart: keysSchema.openapi({
          description: "Keys that differ and take effect with a restart",
        }),
      }).openapi("Reloaded"),
    ),
    ...apiErrors(400),
  },
});

/** What operators do to the node itself. */
export function addAdminRoutes(app: HttpApp, { reload }: AppOptions): void {
  app.openapi(reloadRoute, async (c) => {
    const outcome = await reload();
    switch (outcome.type) {
      case "applied":
      case "unchanged":
        return c.json({
          status: outcome.type,
          changed: outcome.type === "applied" ? [...outcome.changed] : [],
          needs_restart: [...outcome.needsRestart],
        }, 200);
      case "refused":
        throw new HubError("INVALID_FORMAT", outcome.problems);
      default:
        return outcome satisfies never;
    }
  });
}
