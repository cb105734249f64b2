import assert from "node:assert/strict";
import { test } from "node:test";
import { HubError } from "../../../src/errors.ts";
import { Publication } from "../../../src/hub/publication.ts";
import type { Codec, Dialect } from "../../../src/protocol/codec.ts";
import { HUBBUB_V1_JSON, PLAIN } from "../../../src/protocol/dialects.ts";
import { jsonCodec } from "../../../src/protocol/json_codec.ts";
import { ROOM_DEFAULTS, TestHub } from "../../fakes/test_hub.ts";

/** A JSON codec that counts how often it encodes. */
function countingCodec(name: string): Codec & { encodings: number } {
  const codec = {
    ...jsonCodec,
    name,
    encodings: 0,
    encode: (...args: Parameters<Codec["encode"]>) => {
      codec.encodings++;
      return jsonCodec.encode(...args);
    },
  };
  return codec;
}

/** Members of one room who speak the given dialects in turn, and hear nothing of each other. */
function fanOut(dialects: readonly Dialect[], count: number) {
  const test = new TestHub({
    roomDefaults: { ...ROOM_DEFAULTS, presence: false },
  });
  const members = Array.from({ length: count }, (_, i) => {
    const dialect = dialects[i % dialects.length];
    return test.connect(`c${i}`, dialect && { dialect });
  });
  test.join("lobby", ...members);
  return { test, members, room: test.hub.rooms.get("lobby") };
}

test("Publication encodes once a codec, however many receivers there are", () => {
  const first = countingCodec("first");
  const second = countingCodec("second");
  const { test, room } = fanOut([
    { ...PLAIN, codec: first },
    { ...PLAIN, codec: second },
  ], 100);
  first.encodings = 0;
  second.encodings = 0;
  assert.equal(room.send({ type: "t", data: 1 }), 100);
  test.clock.tick();
  assert.deepEqual([first.encodings, second.encodings], [1, 1]);
});

test("Publication hands every socket the very same frame and the very same array", () => {
  const { test, members, room } = fanOut([PLAIN], 1_000);
  room.send({ type: "t", data: 1 });
  room.send({ type: "t", data: 2 });
  test.clock.tick();
  const arrays = new Set(members.flatMap(({ conn }) => conn.writes));
  const frames = new Set(members.flatMap(({ conn }) => conn.writes.flat()));
  assert.ok(members.every(({ conn }) => conn.writes.length === 1));
  assert.equal(arrays.size, 1);
  assert.equal(frames.size, 2);
});

test("Publication hands all sockets of a joining dialect the very same joined frame", () => {
  const { test, members, room } = fanOut([PLAIN, HUBBUB_V1_JSON], 100);
  room.send({ type: "t", data: 1 });
  room.send({ type: "t", data: 2 });
  test.clock.tick();
  const arrays = new Set(members.flatMap(({ conn }) => conn.writes));
  const lengths = [...arrays].map((frames) => frames.length);
  assert.deepEqual(lengths.toSorted(), [1, 2]);
});

test("Publication leaves the sender's list apart and shares one among all others", () => {
  const { test, members, room } = fanOut([PLAIN], 100);
  const [sender] = members;
  assert.ok(sender);
  room.send({ type: "t", data: 1 }, { except: sender.connection });
  room.send({ type: "t", data: 2 });
  test.clock.tick();
  const others = members.filter((member) => member !== sender);
  assert.equal(new Set(others.flatMap(({ conn }) => conn.writes)).size, 1);
  assert.deepEqual(sender.conn.messages.map(({ data }) => data), [2]);
  assert.deepEqual(others[0]?.conn.messages.map(({ data }) => data), [1, 2]);
});

test("Publication to a thousand makes no more lists than one to ten", () => {
  for (const count of [10, 1_000]) {
    const { test, members, room } = fanOut([PLAIN], count);
    for (const [i, { connection }] of members.slice(0, 5).entries()) {
      room.send({ type: "t", data: i }, { except: connection });
    }
    test.clock.tick();
    // One for each of the five senders, one for everybody else.
    assert.equal(new Set(members.flatMap(({ conn }) => conn.writes)).size, 6);
  }
});

test("Publication.deliverTo() counts its receivers", () => {
  const { members } = fanOut([PLAIN], 3);
  const connections = members.map(({ connection }) => connection);
  const publication = new Publication({ type: "t", data: 1 }, { timestamp: 0 });
  assert.equal(publication.deliverTo(connections), 3);
  assert.equal(
    publication.deliverTo(connections, { except: connections[1] }),
    2,
  );
  assert.equal(publication.deliverTo([]), 0);
});

test("Publication.deliverTo() refuses what is too large before anybody gets it", () => {
  const { test, members } = fanOut([PLAIN], 3);
  const connections = members.map(({ connection }) => connection);
  // {"message_id":0,"message_type":"t","data":"€","timestamp":0}
  const publication = new Publication({ type: "t", data: "€" }, {
    timestamp: 0,
  });
  assert.throws(
    () => publication.deliverTo(connections, { maxBytes: 61 }),
    (error) =>
      error instanceof HubError && error.kind === "MESSAGE_TOO_LARGE" &&
      assert.deepEqual(error.details, { max_bytes: 61 }) === undefined,
  );
  test.clock.tick();
  assert.ok(members.every(({ conn }) => conn.writes.length === 0));
  assert.equal(publication.deliverTo(connections, { maxBytes: 62 }), 3);
});

test("Publication.deliverTo() throws INVALID_FORMAT for what cannot be encoded", () => {
  const { members } = fanOut([PLAIN], 1);
  const publication = new Publication({ type: "t", data: 1n }, {
    timestamp: 0,
  });
  assert.throws(
    () => publication.deliverTo(members.map(({ connection }) => connection)),
    (error) => error instanceof HubError && error.kind === "INVALID_FORMAT",
  );
});
