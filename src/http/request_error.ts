import { HTTPException } from "hono/http-exception";
import { type ErrorName, type ErrorSpec, HubError } from "../errors.ts";

/** Statuses HTTP has and the registry has not. */
type OwnStatus = 404 | 405 | 408 | 415 | 426;

/** What HTTP has a word for and the registry has not. */
export interface RequestErrorOptions extends ErrorOptions {
  readonly details: unknown;
  /** Takes the place of the registry's status. */
  readonly status?: OwnStatus;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A registered error whose answer needs a header, or a status that fits HTTP better. */
export class RequestError extends HubError {
  readonly status: OwnStatus | ErrorSpec["http"];
  readonly headers: Readonly<Record<string, string>>;

  constructor(kind: ErrorName, options: RequestErrorOptions) {
    super(kind, options.details, options);
    this.status = options.status ?? this.spec.http;
    this.headers = options.headers ?? {};
  }
}

/** Any thrown value as an error a peer may see; what it does not know keeps its secrets in `cause`. */
export function toHubError(thrown: unknown): HubError {
  if (thrown instanceof HubError) return thrown;
  if (thrown instanceof HTTPException) return fromException(thrown);
  return new HubError("SERVER_ERROR", undefined, { cause: thrown });
}

/** The framework's own refusals: of a body that is no JSON by its type, or by its content. */
function fromException(cause: HTTPException): HubError {
  switch (cause.status) {
    case 415:
      return new RequestError("INVALID_FORMAT", {
        status: 415,
        details: "Cannot read the body: content-type must be application/json",
        cause,
      });
    case 400:
      return new RequestError("INVALID_FORMAT", {
        details: "Cannot read the body: it must be valid JSON",
        cause,
      });
    default:
      return new HubError("SERVER_ERROR", undefined, { cause });
  }
}
