import assert from "node:assert/strict";
import { test } from "node:test";
import { HELP_TEXT, parseCliArguments } from "../../../src/config/cli.ts";

test("parseCliArguments() runs without a file by default", () => {
  assert.deepEqual(parseCliArguments([]), {
    type: "run",
    configPath: undefined,
  });
});

test("parseCliArguments() takes a file behind a space or an equals sign", () => {
  for (
    const args of [
      ["--config", "a.yaml"],
      ["--config=a.yaml"],
    ]
  ) {
    assert.deepEqual(parseCliArguments(args), {
      type: "run",
      configPath: "a.yaml",
    });
  }
  assert.deepEqual(parseCliArguments(["--config=--odd=name"]), {
    type: "run",
    configPath: "--odd=name",
  });
});

test("parseCliArguments() checks a configuration, with or without a file", () => {
  assert.deepEqual(parseCliArguments(["--check-config"]), {
    type: "check",
    configPath: undefined,
  });
  assert.deepEqual(
    parseCliArguments(["--config", "a.yaml", "--check-config"]),
    {
      type: "check",
      configPath: "a.yaml",
    },
  );
});

test("parseCliArguments() lets help win over version, version over the rest", () => {
  assert.deepEqual(parseCliArguments(["--version", "--help"]), {
    type: "help",
  });
  assert.deepEqual(parseCliArguments(["--check-config", "--version"]), {
    type: "version",
  });
});

test("parseCliArguments() tells everything that is wrong", () => {
  assert.deepEqual(
    parseCliArguments([
      "--conf",
      "a.yaml",
      "-h",
      "--help=1",
      "--colour=no",
      "--",
    ]),
    {
      type: "invalid",
      problems: [
        "Cannot use --conf: unknown option, did you mean --config",
        'Cannot use "a.yaml": no argument is expected',
        "Cannot use -h: unknown option",
        "Cannot use --help: takes no value",
        "Cannot use --colour: unknown option",
        "Cannot use --: unknown option",
      ],
    },
  );
});

test("parseCliArguments() needs a file, and one alone", () => {
  for (const args of [["--config"], ["--config="], ["--config", "--help"]]) {
    assert.deepEqual(parseCliArguments(args), {
      type: "invalid",
      problems: ["Cannot use --config: needs a file"],
    });
  }
  assert.deepEqual(
    parseCliArguments(["--config=a", "--config=b", "--config", "c"]),
    {
      type: "invalid",
      problems: [
        "Cannot use --config: must be given once",
        "Cannot use --config: must be given once",
      ],
    },
  );
});

test("parseCliArguments() stays in one line whatever it is given", () => {
  assert.deepEqual(parseCliArguments(["a\nb", "--x\ny=1", "__proto__"]), {
    type: "invalid",
    problems: [
      'Cannot use "a\\nb": no argument is expected',
      'Cannot use "--x\\ny": unknown option',
      'Cannot use "__proto__": no argument is expected',
    ],
  });
});

test("HELP_TEXT names every option", () => {
  for (const option of ["--config", "--check-config", "--version", "--help"]) {
    assert.ok(HELP_TEXT.includes(`  ${option} `), option);
  }
});
