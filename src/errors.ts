/** What one error means to a peer. Source: `docs/protocol.md`, Errors. */
export interface ErrorSpec {
  /** The number on the wire; never renumbered, never reused. */
  readonly code: number;
  /** What the peer reads. */
  readonly text: string;
  /** Status of an HTTP answer that carries this error. */
  readonly http:
    | 400
    | 401
    | 403
    | 404
    | 409
    | 410
    | 413
    | 429
    | 500
    | 503
    | 504;
  /** Whether the same request may succeed later without any change. */
  readonly retryable: boolean;
}

/** Every error the hub can show a peer. */
export const ERRORS = {
  UNKNOWN: { code: 1000, text: "unknown", http: 500, retryable: true },
  INVALID_FORMAT: {
    code: 1001,
    text: "invalid format",
    http: 400,
    retryable: false,
  },
  INVALID_MESSAGE_ID: {
    code: 1002,
    text: "invalid message id",
    http: 400,
    retryable: false,
  },
  SERVER_ERROR: {
    code: 1003,
    text: "server error",
    http: 500,
    retryable: true,
  },
  TIMEOUT: { code: 1004, text: "timeout", http: 504, retryable: true },
  RATE_LIMITED: {
    code: 1005,
    text: "rate limited",
    http: 429,
    retryable: true,
  },
  UNKNOWN_MESSAGE_TYPE: {
    code: 1006,
    text: "unknown message type",
    http: 404,
    retryable: false,
  },
  NOT_AVAILABLE: {
    code: 1007,
    text: "not available",
    http: 503,
    retryable: true,
  },
  UNAUTHORIZED: {
    code: 2000,
    text: "unauthorized",
    http: 401,
    retryable: false,
  },
  FORBIDDEN: { code: 2001, text: "forbidden", http: 403, retryable: false },
  TOKEN_EXPIRED: {
    code: 2002,
    text: "token expired",
    http: 401,
    retryable: false,
  },
  INVALID_TOKEN: {
    code: 2003,
    text: "invalid token",
    http: 401,
    retryable: false,
  },
  ROOM_NOT_FOUND: {
    code: 3000,
    text: "room not found",
    http: 404,
    retryable: false,
  },
  ROOM_EXISTS: {
    code: 3001,
    text: "room already exists",
    http: 409,
    retryable: false,
  },
  ROOM_FULL: { code: 3002, text: "room is full", http: 409, retryable: true },
  NOT_IN_ROOM: {
    code: 3003,
    text: "client not in room",
    http: 409,
    retryable: false,
  },
  ALREADY_IN_ROOM: {
    code: 3004,
    text: "client already in room",
    http: 409,
    retryable: false,
  },
  INVALID_ROOM_ID: {
    code: 3005,
    text: "invalid room id",
    http: 400,
    retryable: false,
  },
  MESSAGE_NOT_FOUND: {
    code: 3006,
    text: "message not found or not yours",
    http: 404,
    retryable: false,
  },
  HISTORY_UNAVAILABLE: {
    code: 3007,
    text: "history unavailable",
    http: 410,
    retryable: false,
  },
  CLIENT_NOT_FOUND: {
    code: 4000,
    text: "client not found",
    http: 404,
    retryable: false,
  },
  CLIENT_OFFLINE: {
    code: 4001,
    text: "client offline",
    http: 409,
    retryable: true,
  },
  MESSAGE_TOO_LARGE: {
    code: 4002,
    text: "message too large",
    http: 413,
    retryable: false,
  },
  TOO_MANY: {
    code: 4003,
    text: "too many rooms or connections",
    http: 429,
    retryable: true,
  },
} as const satisfies Record<string, ErrorSpec>;

/** The name of a registered error. */
export type ErrorName = keyof typeof ERRORS;

/** What one WebSocket close code means. Source: `docs/protocol.md`, Close codes; RFC 6455 §7.4. */
export interface CloseSpec {
  readonly code: number;
  /** The reason sent with the close frame, at most 123 bytes. */
  readonly reason: string;
}

/** Every code the hub closes a connection with; 4000–4499 tell the client to reconnect, 4500–4999 not to. */
export const CLOSES = {
  NORMAL: { code: 1000, reason: "normal" },
  GOING_AWAY: { code: 1001, reason: "going away" },
  INVALID_PAYLOAD: { code: 1007, reason: "invalid payload" },
  TOO_BIG: { code: 1009, reason: "message too big" },
  SERVER_ERROR: { code: 1011, reason: "server error" },
  DRAINING: { code: 4000, reason: "draining" },
  SLOW_CONSUMER: { code: 4001, reason: "slow consumer" },
  HEARTBEAT_TIMEOUT: { code: 4002, reason: "heartbeat timeout" },
  INSUFFICIENT_STATE: { code: 4003, reason: "insufficient state" },
  RATE_LIMITED: { code: 4004, reason: "rate limited" },
  BAD_PROTOCOL: { code: 4500, reason: "bad protocol" },
  UNAUTHORIZED: { code: 4501, reason: "unauthorized" },
  TOKEN_EXPIRED: { code: 4502, reason: "token expired" },
  KICKED: { code: 4503, reason: "kicked" },
  REPLACED: { code: 4504, reason: "replaced by a newer connection" },
  TOO_MANY_CONNECTIONS: { code: 4505, reason: "too many connections" },
  FORBIDDEN_ORIGIN: { code: 4506, reason: "forbidden origin" },
} as const satisfies Record<string, CloseSpec>;

/**
 * An error whose code and text a peer may see.
 *
 * `details` go to the peer as they are; `cause` goes to the log alone.
 */
export class HubError extends Error {
  override readonly name = "HubError";
  readonly kind: ErrorName;
  readonly details: unknown;

  constructor(kind: ErrorName, details?: unknown, options?: ErrorOptions) {
    super(ERRORS[kind].text, options);
    this.kind = kind;
    this.details = details;
  }

  get spec(): ErrorSpec {
    return ERRORS[this.kind];
  }
}

/**
 * A thrown value as the error it is, also one made by another copy of this module: a handler module
 * that a compiled hub loads brings its own. Undefined for anything else.
 */
export function asHubError(thrown: unknown): HubError | undefined {
  if (thrown instanceof HubError) return thrown;
  if (!(thrown instanceof Error) || thrown.name !== "HubError") {
    return undefined;
  }
  const kind: unknown = Reflect.get(thrown, "kind");
  if (!isErrorName(kind)) return undefined;
  return new HubError(kind, Reflect.get(thrown, "details"), { cause: thrown });
}

function isErrorName(value: unknown): value is ErrorName {
  return typeof value === "string" && Object.hasOwn(ERRORS, value);
}
