/**
 * Whether a page of this origin may connect. No origin at all (whoever is not a browser) may
 * always: the header protects people at browsers from pages, not the hub from programs.
 *
 * @param allowed `*` for any, an exact origin such as `https://example.com`, or
 * `https://*.example.com` for its subdomains at any depth
 */
export function isOriginAllowed(
  origin: string | undefined,
  allowed: readonly string[],
): boolean {
  if (origin === undefined) return true;
  const wanted = origin.toLowerCase();
  return allowed.some((pattern) => matches(wanted, pattern.toLowerCase()));
}

function matches(origin: string, pattern: string): boolean {
  if (pattern === "*" || pattern === origin) return true;
  const star = pattern.indexOf("://*.");
  if (star < 0) return false;
  const scheme = pattern.slice(0, star + 3);
  const suffix = pattern.slice(star + 4);
  const host = origin.slice(scheme.length);
  // What stands for the star is host labels alone: no credentials, no port, no path.
  return origin.startsWith(scheme) && host.endsWith(suffix) &&
    /^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(host.slice(0, -suffix.length));
}
