import type { Dialect } from "./codec.ts";
import { jsonCodec } from "./json_codec.ts";

/** What a client speaks that asks for no subprotocol: one JSON object a frame, nothing unasked. */
export const PLAIN: Dialect = {
  subprotocol: undefined,
  codec: jsonCodec,
  separator: undefined,
};

/** The same objects with a greeting, notices, and several of them in one frame. */
export const HUBBUB_V1_JSON: Dialect = {
  subprotocol: "hubbub.v1.json",
  codec: jsonCodec,
  separator: "\n",
};

const BY_SUBPROTOCOL: readonly Dialect[] = [HUBBUB_V1_JSON];

/**
 * The dialect for a `Sec-WebSocket-Protocol` header (undefined: none was sent): the client's first
 * choice that we speak, plain where it asks for nothing, undefined where we have none in common.
 */
export function negotiateDialect(
  header: string | undefined,
): Dialect | undefined {
  if (header === undefined || header.trim() === "") return PLAIN;
  for (const offer of header.split(",")) {
    const name = offer.trim();
    const dialect = BY_SUBPROTOCOL.find((it) => it.subprotocol === name);
    if (dialect !== undefined) return dialect;
  }
  return undefined;
}
