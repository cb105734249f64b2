import { Buffer } from "node:buffer";
import type { ErrorName } from "../../src/errors.ts";
import type { FrameFields } from "./raw_ws_frames.ts";
import { OPCODES } from "./raw_ws_frames.ts";

/** A message that a hub must answer by an error, and by which. */
export interface HostilePayload {
  readonly frame: FrameFields;
  readonly error: ErrorName;
}

/** Makes payloads, the n-th always alike: kind by kind, each a little different every time. */
export function hostilePayload(n: number): HostilePayload {
  const kind = KINDS[n % KINDS.length];
  if (kind === undefined) throw new Error("Cannot happen: no such kind");
  const payload = kind.make(n);
  const opcode = typeof payload === "string" ? OPCODES.text : OPCODES.binary;
  return { frame: { opcode, payload }, error: kind.error };
}

interface Kind {
  readonly error: ErrorName;
  make(n: number): string | Uint8Array;
}

const DEEP = 4_000;

function text(error: ErrorName, make: (n: number) => string): Kind {
  return { error, make };
}

/** A message with this type and `data`, given as JSON. */
function message(type: string, data: string): string {
  return `{"message_id":1,"message_type":"${type}","data":${data}}`;
}

const VALID = message("room_message", '{"room_id":"lobby","content":"hello"}');

const NO_JSON: readonly Kind[] = [
  text("INVALID_FORMAT", (n) => VALID.slice(0, 1 + n % (VALID.length - 1))),
  text("INVALID_FORMAT", (n) => VALID + "}".repeat(1 + n % 7)),
  text("INVALID_FORMAT", () => ""),
  text("INVALID_FORMAT", () => "{'message_type':'ping'}"),
  text("INVALID_FORMAT", () => '{"message_type":"ping",}'),
  text("INVALID_FORMAT", () => '{"message_type":undefined}'),
  text("INVALID_FORMAT", () => '{"message_type":"ping","data":{"ts":NaN}}'),
  text("INVALID_FORMAT", () => '{"message_type":"ping","data":{"ts":0x10}}'),
  text("INVALID_FORMAT", () => '{"message_type":"p\ning"}'),
  text("INVALID_FORMAT", (n) => `GET /${n} HTTP/1.1\r\nHost: hub\r\n\r\n`),
  text("INVALID_FORMAT", (n) => "[".repeat(1 + n % 10_000)),
  text("INVALID_FORMAT", (n) => '{"a":'.repeat(1 + n % 2_000)),
  text("INVALID_FORMAT", (n) => "\u0000".repeat(1 + n % 100)),
];

const WRONG_TYPES: readonly Kind[] = [
  text(
    "INVALID_FORMAT",
    (n) => ["null", "true", "7", '"x"', "[]"][n % 5] ?? "",
  ),
  text("INVALID_FORMAT", () => "{}"),
  text("INVALID_FORMAT", () => `[${VALID}]`),
  text("INVALID_FORMAT", (n) => `{"message_type":${n}}`),
  text("INVALID_FORMAT", () => '{"message_type":null}'),
  text("INVALID_FORMAT", () => '{"message_type":["ping"]}'),
  text("INVALID_FORMAT", () => '{"message_type":{"toString":"ping"}}'),
  text("INVALID_FORMAT", () => message("", "{}")),
  text("INVALID_FORMAT", (n) => message("t".repeat(65 + n % 1_000), "{}")),
  text("INVALID_FORMAT", (n) => message(`type ${n}`, "{}")),
  text("INVALID_FORMAT", () => message("join_room", "null")),
  text("INVALID_FORMAT", () => message("join_room", "[]")),
  text("INVALID_FORMAT", (n) => message("join_room", `"lobby-${n}"`)),
  text("INVALID_FORMAT", (n) => message("join_room", `{"room_id":${n}}`)),
  text("INVALID_FORMAT", () => message("join_room", '{"room_id":["lobby"]}')),
  text(
    "INVALID_FORMAT",
    () => message("create_room", '{"room_id":"a","name":1}'),
  ),
  text("INVALID_FORMAT", () => message("direct_message", '{"target_id":{}}')),
  text("INVALID_FORMAT", () => message("list_rooms", '{"limit":"10"}')),
  text("INVALID_ROOM_ID", (n) => message("join_room", `{"room_id":"a b${n}"}`)),
  text(
    "INVALID_ROOM_ID",
    (n) => message("join_room", `{"room_id":"${"r".repeat(129 + n % 800)}"}`),
  ),
  text("INVALID_ROOM_ID", () => message("join_room", '{"room_id":"../etc"}')),
  text("INVALID_ROOM_ID", () => message("join_room", '{"room_id":"\\u0000"}')),
];

const HUGE_NUMBERS: readonly Kind[] = [
  text(
    "INVALID_MESSAGE_ID",
    () => '{"message_id":1e400,"message_type":"ping"}',
  ),
  text("INVALID_MESSAGE_ID", () => '{"message_id":-1,"message_type":"ping"}'),
  text(
    "INVALID_MESSAGE_ID",
    (n) => `{"message_id":9007199254740992${n},"message_type":"ping"}`,
  ),
  text(
    "INVALID_MESSAGE_ID",
    (n) => `{"message_id":"${"i".repeat(65 + n % 500)}","message_type":"ping"}`,
  ),
  text("INVALID_FORMAT", () => message("ping", '{"ts":1e999}')),
  text(
    "INVALID_FORMAT",
    (n) => message("list_rooms", `{"limit":1e${n % 300 + 4}}`),
  ),
  text("INVALID_FORMAT", (n) => message("list_rooms", `{"limit":-${n}}`)),
  text(
    "INVALID_FORMAT",
    (n) =>
      message(
        "create_room",
        `{"room_id":"a","max_clients":${"9".repeat(20 + n % 900)}}`,
      ),
  ),
];

const DEEP_NESTING: readonly Kind[] = [
  text(
    "INVALID_FORMAT",
    () => message("ping", "[".repeat(DEEP) + "]".repeat(DEEP)),
  ),
  text("NOT_IN_ROOM", () => {
    const content = '{"a":'.repeat(DEEP / 2) + "1" + "}".repeat(DEEP / 2);
    return message("room_message", `{"room_id":"lobby","content":${content}}`);
  }),
  text(
    "INVALID_FORMAT",
    () => "[".repeat(DEEP) + VALID + "]".repeat(DEEP),
  ),
];

/** Names that mean something to a JavaScript object. */
const MAGIC = ["__proto__", "constructor", "toString", "hasOwnProperty"];

function magic(n: number): string {
  return MAGIC[n % MAGIC.length] ?? "";
}

const POLLUTION: readonly Kind[] = [
  text("INVALID_FORMAT", () => '{"__proto__":{"message_type":"ping"}}'),
  text(
    "INVALID_FORMAT",
    () => message("join_room", '{"__proto__":{"room_id":"lobby"}}'),
  ),
  text(
    "INVALID_FORMAT",
    () => message("join_room", '{"constructor":{"prototype":{"room_id":"a"}}}'),
  ),
  text("UNKNOWN_MESSAGE_TYPE", (n) => message(magic(n), "{}")),
  text(
    "ROOM_NOT_FOUND",
    (n) => message("room_members", `{"room_id":"${magic(n)}"}`),
  ),
  text(
    "ROOM_NOT_FOUND",
    (n) => message("delete_room", `{"room_id":"${magic(n)}"}`),
  ),
  text(
    "CLIENT_NOT_FOUND",
    (n) => message("direct_message", `{"target_id":"${magic(n)}","content":1}`),
  ),
];

const INVALID_UTF8: readonly Kind[] = [
  { error: "INVALID_FORMAT", make: (n) => corrupt(VALID, n) },
  { error: "INVALID_FORMAT", make: (n) => Buffer.alloc(1 + n % 2_000, 0xff) },
  // A surrogate, and an overlong "a".
  { error: "INVALID_FORMAT", make: () => quoted(0xed, 0xa0, 0x80) },
  { error: "INVALID_FORMAT", make: () => quoted(0xc1, 0xa1) },
];

/** The text with one of its bytes made one that UTF-8 never has. */
function corrupt(valid: string, n: number): Uint8Array {
  const bytes = Buffer.from(valid);
  bytes[n % bytes.length] = 0xf8 + n % 8;
  return bytes;
}

/** A message whose type has these bytes. */
function quoted(...bytes: number[]): Uint8Array {
  return Buffer.concat([
    Buffer.from('{"message_type":"'),
    Uint8Array.from(bytes),
    Buffer.from('"}'),
  ]);
}

const UNKNOWN: readonly Kind[] = [
  text("UNKNOWN_MESSAGE_TYPE", (n) => message(`type-${n}`, "{}")),
  text("UNKNOWN_MESSAGE_TYPE", () => message("welcome", "{}")),
  text("ROOM_NOT_FOUND", (n) => message("leave_room", `{"room_id":"no-${n}"}`)),
];

const KINDS: readonly Kind[] = [
  ...NO_JSON,
  ...WRONG_TYPES,
  ...HUGE_NUMBERS,
  ...DEEP_NESTING,
  ...POLLUTION,
  ...INVALID_UTF8,
  ...UNKNOWN,
];
