/** One metric of a page in the Prometheus text format. */
export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  /** Values by name and labels as they stand in the text, say `x_total{code="1"}`. */
  readonly samples: ReadonlyMap<string, number>;
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const TYPES = ["counter", "gauge", "histogram"];
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
/** Name, then a quoted value in which `\`, `"` and line feeds are escaped; then a comma or the end. */
const LABEL =
  /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,(?!$)|$)/gy;
const VALUE = /^(?:[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|NaN|[-+]Inf)$/i;

/**
 * Reads a page as strictly as the format is written: each metric once, with help and type, then all
 * its samples; counters that end in `_total`; histograms that add up.
 *
 * @throws Error at whatever a scraper might refuse or misread
 */
export function parseExposition(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith("\n")) {
    throw new Error("Cannot parse: no line feed at the end");
  }
  const families = new Map<string, Family>();
  let family: (Family & { readonly samples: Map<string, number> }) | undefined;
  let help: [name: string, text: string] | undefined;
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const [, keyword = "", name = "", rest = ""] =
      /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (keyword === "HELP") {
      if (!NAME.test(name)) fail("name", line);
      help = [name, rest];
    } else if (keyword === "TYPE") {
      if (help?.[0] !== name) fail("type without help", line);
      if (families.has(name)) fail("metric a second time", line);
      if (!TYPES.includes(rest)) fail("type", line);
      family = { name, type: rest, help: help[1], samples: new Map() };
      families.set(name, family);
    } else if (line.startsWith("#")) fail("comment", line);
    else if (family === undefined) fail("sample without type", line);
    else addSample(line, family);
  }
  for (const each of families.values()) checkFamily(each);
  return families;
}

/** The value of a sample given as it stands in the text. @throws Error where there is none */
export function valueOf(
  families: ReadonlyMap<string, Family>,
  sample: string,
): number {
  for (const { samples } of families.values()) {
    const value = samples.get(sample);
    if (value !== undefined) return value;
  }
  throw new Error(`Cannot find sample: ${sample}`);
}

function addSample(
  line: string,
  { name, type, samples }: Family & { readonly samples: Map<string, number> },
): void {
  const [, sampleName = "", labels, value = ""] = SAMPLE.exec(line) ?? [];
  const suffixes = type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
  if (!suffixes.some((suffix) => name + suffix === sampleName)) {
    fail("sample", line);
  }
  if (labels !== undefined) checkLabels(labels, line);
  if (!VALUE.test(value)) fail("value", line);
  const key = line.slice(0, -value.length - 1);
  if (samples.has(key)) fail("sample a second time", line);
  samples.set(key, Number(value.replace("Inf", "Infinity")));
}

function checkLabels(labels: string, line: string): void {
  const names = new Set<string>();
  let end = 0;
  for (const [whole, name = ""] of labels.matchAll(LABEL)) {
    end += whole.length;
    if (names.has(name)) fail("label a second time", line);
    names.add(name);
  }
  if (end !== labels.length || end === 0) fail("labels", line);
}

function checkFamily(family: Family): void {
  const { name, type, samples } = family;
  if (samples.size === 0) fail("metric without samples", name);
  if (name.endsWith("_total") !== (type === "counter")) fail("name", name);
  if (type === "counter") {
    for (const [key, value] of samples) if (!(value >= 0)) fail("counter", key);
  }
  if (type === "histogram") checkHistogram(family);
}

function checkHistogram({ name, samples }: Family): void {
  let bound = -Infinity;
  let cumulative = 0;
  for (const [key, value] of samples) {
    const [, le] = /_bucket\{le="([^"]+)"\}$/.exec(key) ?? [];
    if (le === undefined) continue;
    const next = Number(le.replace("Inf", "Infinity"));
    if (!(next > bound) || value < cumulative) fail("bucket", key);
    bound = next;
    cumulative = value;
  }
  const count = samples.get(`${name}_count`);
  if (bound !== Infinity || count !== cumulative) fail("histogram", name);
  if (!samples.has(`${name}_sum`)) fail("histogram without sum", name);
}

function fail(what: string, where: string): never {
  throw new Error(`Cannot parse ${what}: ${where}`);
}
