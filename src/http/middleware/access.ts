import type { MiddlewareHandler } from "hono";
import { isSameKey } from "../api_key.ts";
import type { HttpEnv } from "../context.ts";
import { RequestError } from "../request_error.ts";

/** Headers by which a proxy says that the peer is not who sent the request (RFC 7239 and its elders). */
const FORWARDING_HEADERS = [
  "forwarded",
  "via",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-real-ip",
  "cf-connecting-ip",
  "true-client-ip",
];

export interface AccessOptions {
  /** The configured key, "" for none; asked at every request. */
  apiKey(): string;
}

/**
 * Guards what it is put in front of. Where an API key is configured, everybody needs it. Where none
 * is, only a program on this machine gets in: neither a proxy that passes others on nor a page of
 * another site that a browser here has open (cross-site requests, DNS rebinding).
 */
export function guard(options: AccessOptions): MiddlewareHandler<HttpEnv> {
  return async function (c, next) {
    const apiKey = options.apiKey();
    if (apiKey !== "") await requireKey(c.req.raw.headers, apiKey);
    else requireLocal(c.req.raw.headers, c.env.remoteAddress);
    await next();
  };
}

async function requireKey(headers: Headers, apiKey: string): Promise<void> {
  const bearer = /^Bearer +(\S+) *$/i.exec(headers.get("authorization") ?? "");
  const given = bearer?.[1] ?? headers.get("x-api-key");
  if (given !== null && await isSameKey(given, apiKey)) return;
  throw new RequestError("UNAUTHORIZED", {
    details: given === null
      ? "Cannot use the API without a key: send it as Authorization: Bearer or as X-API-Key"
      : "Cannot use the API with this key: it is not the configured one",
    headers: { "www-authenticate": 'Bearer realm="hubbub"' },
  });
}

function requireLocal(headers: Headers, remoteAddress: string): void {
  if (!isLoopbackAddress(remoteAddress)) {
    throw refusal(`peer ${remoteAddress} is not on this machine`);
  }
  const forwarding = FORWARDING_HEADERS.find((name) => headers.has(name));
  if (forwarding !== undefined) {
    throw refusal(`header ${forwarding} tells of a proxy`);
  }
  const host = headers.get("host") ?? "";
  if (!isLoopbackHost(host)) {
    throw refusal(`host "${host}" is not this machine`);
  }
  const origin = headers.get("origin");
  if (origin !== null && !isOriginOf(origin, host)) {
    throw refusal(`the request comes from a page of origin ${origin}`);
  }
  // Every current browser sends it; whatever is no browser does not.
  const site = headers.get("sec-fetch-site") ?? "none";
  if (site !== "none" && site !== "same-origin") {
    throw refusal("the request comes from a page of another origin");
  }
}

/** Whether the address is in 127.0.0.0/8 or ::1, or is the former as seen by a socket for both families. */
export function isLoopbackAddress(address: string): boolean {
  return address === "::1" ||
    /^(?:::ffff:)?127(?:\.\d{1,3}){3}$/i.test(address);
}

function isLoopbackHost(host: string): boolean {
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::\d+)?$/.exec(host.toLowerCase());
  const name = match?.[1] ?? match?.[2] ?? "";
  return name === "localhost" || isLoopbackAddress(name);
}

function isOriginOf(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}

function refusal(reason: string): RequestError {
  return new RequestError("FORBIDDEN", {
    details: `Cannot use the API: auth.api_key is not set, and ${reason}`,
  });
}
