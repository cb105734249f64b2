import { CONFIG_TREE, type KeyNode, listKeys } from "./key_tree.ts";
import { nearMiss } from "./near_miss.ts";
import { type Collected, readText, type Setting } from "./settings.ts";
import type { Environment } from "./substitution.ts";

const PREFIX = "HUBBUB_";

/** Which key each variable sets. */
export function environmentKeys(): Map<string, KeyNode> {
  const byName = new Map<string, KeyNode>();
  for (const key of listKeys(CONFIG_TREE)) {
    if (key.environment !== undefined) byName.set(key.environment, key);
  }
  return byName;
}

/**
 * Finds what the environment says of the keys there are, and names each `HUBBUB_` variable that is
 * no key. `mentioned` are variables the file asks for by `${NAME}`, which may be called anything.
 */
export function collectEnvironment(
  env: Environment,
  mentioned: ReadonlySet<string>,
): Collected {
  const keys = environmentKeys();
  const settings: Setting[] = [];
  const problems: string[] = [];
  for (const name of Object.keys(env).sort()) {
    const text = env[name];
    if (
      !name.startsWith(PREFIX) || text === undefined ||
      isServiceLink(name, text)
    ) continue;
    const key = keys.get(name);
    if (key !== undefined) {
      const value = readText(text, key.kind);
      settings.push({ key, path: key.path, value, origin: name });
    } else if (!mentioned.has(name)) {
      problems.push(unknownVariable(name, keys));
    }
  }
  return { settings, problems };
}

/**
 * Kubernetes tells every container of every service, so that one named `hubbub` puts
 * `HUBBUB_SERVICE_HOST`, `HUBBUB_PORT=tcp://…` and their like here, and one named `hubbub-server`
 * even `HUBBUB_SERVER_PORT=tcp://…`. They are not meant for us.
 */
function isServiceLink(name: string, text: string): boolean {
  return /_SERVICE_(HOST|PORT(_\w+)?)$/.test(name) ||
    /_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/.test(name) ||
    (name.endsWith("_PORT") && /^(tcp|udp|sctp):\/\//.test(text));
}

/** The value is not shown: it may be a secret under a mistaken name. */
function unknownVariable(
  name: string,
  keys: ReadonlyMap<string, KeyNode>,
): string {
  if (name.startsWith("HUBBUB_ROOMS_NAMESPACES")) {
    return `Cannot use ${name}: rooms.namespaces is set in the YAML file alone`;
  }
  const near = nearMiss(name, keys.keys());
  const hint = near === undefined ? "" : `, did you mean ${near}`;
  return `Cannot use ${name}: unknown variable${hint}`;
}
