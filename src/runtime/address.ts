const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * An address as the rest of the project writes it: IPv4 in its own form, also where a dual-stack
 * socket says `::ffff:127.0.0.1`. Empty where the peer was gone before it was asked.
 */
export function plainAddress(address: string | undefined): string {
  if (address === undefined) return "";
  return MAPPED_IPV4.exec(address)?.[1] ?? address;
}

/** Path and query of an absolute URL, as an `UpgradeRequest` has them. */
export function targetOf(url: string): string {
  const authority = url.indexOf("//") + 2;
  const path = url.indexOf("/", authority);
  return path === -1 ? "/" : url.slice(path);
}

export interface BindAddress {
  readonly host: string;
  readonly port: number;
}

/** Why a port could not be bound, in one line that says what to change; `error` becomes its cause. */
export function listenError(address: BindAddress, error: unknown): Error {
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return new Error(
    `Cannot listen on ${host}:${address.port}: ${bindFailure(error)}`,
    { cause: error },
  );
}

function bindFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  switch ("code" in error ? error.code : undefined) {
    case "EADDRINUSE":
      return "address in use";
    case "EACCES":
      return "permission denied";
    // Deno's node:net and Bun say EINVAL where the system said one of the others.
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EINVAL":
      return "this machine does not have that address";
    default:
      return error.message;
  }
}
