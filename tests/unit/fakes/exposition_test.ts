import assert from "node:assert/strict";
import { test } from "node:test";
import { parseExposition } from "../../fakes/exposition.ts";

const COUNTER = "# HELP a_total A\n# TYPE a_total counter\n";
const HISTOGRAM = "# HELP h H\n# TYPE h histogram\n";

test("parseExposition() reads what is well formed", () => {
  const families = parseExposition(
    `${COUNTER}a_total{x="\\\\\\"\\n",y=""} 1.5e3\na_total 2\n\n` +
      `${HISTOGRAM}h_bucket{le="0.5"} 1\nh_bucket{le="+Inf"} 2\nh_sum 3\nh_count 2\n`,
  );
  assert.deepEqual([...families.keys()], ["a_total", "h"]);
  assert.deepEqual([...families.get("a_total")?.samples ?? []], [
    ['a_total{x="\\\\\\"\\n",y=""}', 1_500],
    ["a_total", 2],
  ]);
});

test("parseExposition() refuses what a scraper might misread", () => {
  const pages = [
    `${COUNTER}a_total 1`, // no line feed at the end
    "a_total 1\n",
    "# TYPE a_total counter\na_total 1\n",
    `${COUNTER}`, // no sample
    `${COUNTER}a_total 1\na_total 2\n`,
    `${COUNTER}a_total 1\n${COUNTER}a_total{x="1"} 1\n`,
    `${COUNTER}b_total 1\n`,
    `${COUNTER}a_total one\n`,
    `${COUNTER}a_total -1\n`,
    `${COUNTER}a_total NaN\n`,
    `${COUNTER}a_total{} 1\n`,
    `${COUNTER}a_total{x="1",} 1\n`,
    `${COUNTER}a_total{x="1",x="2"} 1\n`,
    `${COUNTER}a_total{x=1} 1\n`,
    `${COUNTER}a_total{x="""} 1\n`,
    `${COUNTER}a_total{x="\\t"} 1\n`,
    `${COUNTER}a_total{0x="1"} 1\n`,
    "# HELP a A\n# TYPE a counter\na 1\n",
    "# HELP a_total A\n# TYPE a_total gauge\na_total 1\n",
    "# HELP a-b A\n# TYPE a-b gauge\na-b 1\n",
    `${HISTOGRAM}h_bucket{le="1"} 1\nh_sum 1\nh_count 1\n`, // no +Inf
    `${HISTOGRAM}h_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n`,
    `${HISTOGRAM}h_bucket{le="2"} 1\nh_bucket{le="1"} 1\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n`,
    `${HISTOGRAM}h_bucket{le="+Inf"} 1\nh_sum 1\nh_count 2\n`,
    `${HISTOGRAM}h_bucket{le="+Inf"} 1\nh_count 1\n`,
    `${HISTOGRAM}h 1\n`,
  ];
  for (const page of pages) {
    assert.throws(() => parseExposition(page), /^Error: Cannot parse/, page);
  }
});
