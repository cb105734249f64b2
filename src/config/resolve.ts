import { collectSettings } from "./collect.ts";
import { COMBINATIONS } from "./combinations.ts";
import { CONFIG_TREE, type KeyNode, listKeys } from "./key_tree.ts";
import { MAX_LIST_ITEMS } from "./keys.ts";
import { ConfigError, formatPath, formatProblem } from "./problem.ts";
import {
  type Config,
  CONFIG_SCHEMA,
  type ConfigInput,
  type RoomOptions,
} from "./schema.ts";
import { objectSource } from "./source.ts";
import type { Setting } from "./settings.ts";
import { deepFreeze, valueAt, writtenValue } from "./values.ts";

/**
 * The configuration an object of YAML's shape stands for, as an embedding program gives it; nothing
 * else is read.
 *
 * @throws ConfigError
 */
export function parseConfig(input: ConfigInput = {}): Config {
  const { settings, problems } = collectSettings(objectSource(input));
  return resolveSettings(settings, problems);
}

/**
 * Checks settings, puts the defaults where there is none, and freezes the whole.
 *
 * @param problems lines about the same sources; they are thrown with what is found here
 * @throws ConfigError with every problem there is
 */
export function resolveSettings(
  settings: readonly Setting[],
  problems: readonly string[] = [],
): Config {
  const result = CONFIG_SCHEMA.safeParse(toTree(settings));
  if (result.success) {
    const config = finish(result.data);
    const found = [...problems, ...checkCombinations(config, { settings })];
    if (found.length > 0) throw new ConfigError(found);
    return config;
  }
  const wrong = new Map<Setting, readonly PropertyKey[]>();
  for (const { path } of result.error.issues) {
    const setting = settings.find((one) => startsWith(path, one.path));
    if (setting === undefined) throw result.error;
    if (!wrong.has(setting)) wrong.set(setting, path);
  }
  const lines = Array.from(wrong, ([setting, path]) => refusal(setting, path));
  throw new ConfigError([
    ...problems,
    ...lines,
    ...combinationsOfTheRest(settings, wrong),
  ]);
}

/** What the right settings say together while others are wrong, so that one start shows it all. */
function combinationsOfTheRest(
  settings: readonly Setting[],
  wrong: ReadonlyMap<Setting, unknown>,
): string[] {
  const right = settings.filter((setting) => !wrong.has(setting));
  const skip = new Set([...wrong.keys()].map(({ path }) => formatPath(path)));
  const config = finish(CONFIG_SCHEMA.parse(toTree(right)));
  return checkCombinations(config, { settings: right, skip });
}

/** Every rule between keys that is broken, a line each. */
export function checkCombinations(
  config: Config,
  options: {
    /** Where the values come from. */
    readonly settings?: readonly Setting[];
    /** Keys whose value is unknown, so that no rule with them can be told. */
    readonly skip?: ReadonlySet<string>;
  } = {},
): string[] {
  const { settings = [], skip = new Set() } = options;
  const keys = new Map(
    listKeys(CONFIG_TREE).map((key) => [formatPath(key.path), key]),
  );
  const lines: string[] = [];
  for (const combination of COMBINATIONS) {
    if (combination.keys.some((key) => skip.has(key))) continue;
    const reason = combination.check(config);
    const key = keys.get(combination.keys[0] ?? "");
    if (reason === undefined || key === undefined) continue;
    const setting = settings.find((one) => one.key === key);
    lines.push(formatProblem({
      key: formatPath(key.path),
      reason,
      value: {
        given: setting?.value ??
          writtenValue(valueAt(config, key.path), key.kind),
        isSecret: key.isSecret,
      },
      origin: setting?.origin ?? "",
    }));
  }
  return lines;
}

function refusal(setting: Setting, path: readonly PropertyKey[]): string {
  const { key, value, origin } = setting;
  const index = path[setting.path.length];
  const isItem = typeof index === "number";
  return formatProblem({
    key: formatPath(isItem ? [...setting.path, index] : setting.path),
    reason: `must be ${isItem ? key.expects : expectsWhole(key)}`,
    value: {
      given: isItem && Array.isArray(value) ? value[index] : value,
      isSecret: key.isSecret,
    },
    origin,
  });
}

function expectsWhole({ kind, expects }: KeyNode): string {
  return kind === "list"
    ? `a list of at most ${MAX_LIST_ITEMS}, each ${expects}`
    : expects;
}

function startsWith(
  path: readonly PropertyKey[],
  start: readonly string[],
): boolean {
  return start.every((name, index) => path[index] === name);
}

type Tree = { [name: string]: unknown };

/** Without prototypes, so that a name is never more than a name. */
function toTree(settings: readonly Setting[]): Tree {
  const root: Tree = Object.create(null);
  for (const { path, value } of settings) {
    let block = root;
    for (const name of path.slice(0, -1)) {
      block = (block[name] ??= Object.create(null)) as Tree;
    }
    block[path.at(-1) ?? ""] = value;
  }
  return root;
}

function finish(parsed: ReturnType<typeof CONFIG_SCHEMA.parse>): Config {
  const { defaults } = parsed.rooms;
  const namespaces: Record<string, RoomOptions> = Object.create(null);
  for (const [name, options] of Object.entries(parsed.rooms.namespaces)) {
    namespaces[name] = {
      auto_create: options.auto_create ?? defaults.auto_create,
      max_clients: options.max_clients ?? defaults.max_clients,
      presence: options.presence ?? defaults.presence,
      echo: options.echo ?? defaults.echo,
      empty_ttl: options.empty_ttl ?? defaults.empty_ttl,
      slow_consumer: options.slow_consumer ?? defaults.slow_consumer,
    };
  }
  return deepFreeze({ ...parsed, rooms: { defaults, namespaces } });
}
