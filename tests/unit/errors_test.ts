import assert from "node:assert/strict";
import { test } from "node:test";
import { asHubError, HubError } from "../../src/errors.ts";

/** What another copy of the module would make: alike, and of another class. */
class Foreign extends Error {
  override readonly name: string = "HubError";
  readonly kind: unknown;
  readonly details: unknown;

  constructor(kind: unknown, details?: unknown) {
    super("room is full");
    this.kind = kind;
    this.details = details;
  }
}

test("asHubError() leaves a HubError as it is", () => {
  const error = new HubError("ROOM_FULL");
  assert.equal(asHubError(error), error);
});

test("asHubError() knows the error of another copy of its module", () => {
  const foreign = new Foreign("ROOM_FULL", { max_clients: 2 });
  const error = asHubError(foreign);
  assert.ok(error instanceof HubError);
  assert.deepEqual(
    [error.kind, error.details, error.spec.code, error.cause],
    ["ROOM_FULL", { max_clients: 2 }, 3002, foreign],
  );
});

test("asHubError() takes nothing that only looks a little like one", () => {
  const others = [
    undefined,
    null,
    "ROOM_FULL",
    new Error("room is full"),
    { name: "HubError", kind: "ROOM_FULL" },
    new Foreign(undefined),
    new Foreign(3002),
    new Foreign("NO_SUCH_KIND"),
    new Foreign("toString"),
    new Foreign("__proto__"),
  ];
  for (const other of others) assert.equal(asHubError(other), undefined);
});
