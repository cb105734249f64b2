import { HubError } from "../errors.ts";
import type { Codec, EncodeOptions } from "./codec.ts";
import { invalid, type ParsedEnvelope, parseEnvelope } from "./envelope.ts";
import { Frame } from "./frame.ts";
import type { Outbound } from "./message.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Messages as JSON objects. Source: `docs/protocol.md`, Envelope. */
export const jsonCodec: Codec = {
  name: "json",

  encode(message: Outbound, options: EncodeOptions): Frame {
    const { type, data, requestId } = message;
    const request = requestId === undefined
      ? ""
      : `"request_id":${JSON.stringify(requestId)},`;
    return new Frame(
      `{"message_id":0,"message_type":${
        JSON.stringify(type)
      },${request}"data":${stringify(data)},"timestamp":${options.timestamp}}`,
      options.origin,
    );
  },

  decode(data: string | Uint8Array): ParsedEnvelope {
    let value: unknown;
    try {
      value = JSON.parse(
        typeof data === "string" ? data : decoder.decode(data),
      );
    } catch {
      // The parser's own text differs between engines and quotes the input: the peer gets ours.
      return invalid("INVALID_FORMAT", "a message must be valid JSON in UTF-8");
    }
    return parseEnvelope(value);
  },
};

function stringify(data: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(data);
  } catch (cause) {
    throw new HubError(
      "INVALID_FORMAT",
      "data must be JSON, and not nested too deeply",
      { cause },
    );
  }
  // JSON has no word for undefined and functions.
  return text ?? "null";
}
