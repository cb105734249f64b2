import { isOriginAllowed } from "../auth/origins.ts";
import { CLOSES } from "../errors.ts";
import type { Hub } from "../hub/mod.ts";
import { negotiateDialect } from "../protocol/dialects.ts";
import { isClientId } from "../protocol/message.ts";
import type { UpgradeDecision, UpgradeRequest } from "../runtime/runtime.ts";
import type { HealthState } from "./options.ts";

export interface UpgradeOptions {
  readonly hub: Hub;
  readonly path: string;
  readonly health: { state(): HealthState };
  /** Asked at every upgrade, so that a reload takes effect at once. */
  allowedOrigins(): readonly string[];
}

/**
 * Decides on requests to become a WebSocket.
 *
 * A page whose origin is not allowed is let in only to be closed with 4506: a browser shows a page
 * nothing of an HTTP answer, and the close code is what tells its client not to come again.
 */
export function createUpgrade(
  options: UpgradeOptions,
): (request: UpgradeRequest) => UpgradeDecision {
  const { hub, path, health, allowedOrigins } = options;
  return (request) => {
    const url = parseTarget(request.target);
    if (url?.pathname !== path) {
      return refuse(404, `Cannot upgrade here: connect to ${path}`);
    }
    if (health.state() !== "ready") {
      return refuse(503, "Cannot upgrade: this node takes no connections now");
    }
    if (hub.isFull) {
      return refuse(503, "Cannot upgrade: this node has no room left");
    }
    const offer = request.header("sec-websocket-protocol");
    const dialect = negotiateDialect(offer);
    if (dialect === undefined) {
      return refuse(
        400,
        "Cannot upgrade: no common subprotocol; offer hubbub.v1.json or none",
      );
    }
    const clientId = url.searchParams.get("client_id");
    if (clientId !== null && !isClientId(clientId)) {
      return refuse(
        400,
        "Cannot upgrade: client_id must be 1 to 128 of [A-Za-z0-9_.:@-]",
      );
    }
    const isWelcome = isOriginAllowed(
      request.header("origin"),
      allowedOrigins(),
    );
    return {
      type: "accept",
      subprotocol: dialect.subprotocol,
      open(conn) {
        const identity = { clientId: clientId ?? crypto.randomUUID() };
        const peer = { conn, dialect, identity };
        return isWelcome
          ? hub.connect(peer)
          : hub.refuse(peer, CLOSES.FORBIDDEN_ORIGIN);
      },
    };
  };
}

function parseTarget(target: string): URL | undefined {
  // The base only stands in for what a request line leaves out.
  return URL.parse(target, "http://hub") ?? undefined;
}

function refuse(status: number, body: string): UpgradeDecision {
  return { type: "refuse", status, body };
}
