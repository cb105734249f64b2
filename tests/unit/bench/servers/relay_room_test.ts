import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as tick } from "node:timers/promises";
import {
  type Receiver,
  RelayRoom,
  RelayRooms,
  roomOf,
} from "../../../../bench/servers/relay_room.ts";

class Recorder implements Receiver<string> {
  readonly writes: (readonly string[])[] = [];

  write(frames: readonly string[]): void {
    this.writes.push(frames);
  }
}

function roomOfThree() {
  const members = [new Recorder(), new Recorder(), new Recorder()] as const;
  const room = new RelayRoom<string>();
  for (const member of members) room.join(member);
  return { room, members };
}

test("post() gives all others the frames of a tick with one write of one array", async () => {
  const { room, members: [sender, second, third] } = roomOfThree();
  room.post(sender, "a");
  room.post(sender, "b");
  assert.deepEqual(second.writes, []);
  await tick();
  assert.deepEqual(second.writes, [["a", "b"]]);
  assert.equal(second.writes[0], third.writes[0]);
  assert.deepEqual(sender.writes, []);
});

test("post() keeps each sender's own frames from it, and the order of the rest", async () => {
  const { room, members: [first, second, third] } = roomOfThree();
  room.post(first, "a");
  room.post(second, "b");
  room.post(first, "c");
  await tick();
  assert.deepEqual(first.writes, [["b"]]);
  assert.deepEqual(second.writes, [["a", "c"]]);
  assert.deepEqual(third.writes, [["a", "b", "c"]]);
});

test("post() writes once a tick, tick for tick", async () => {
  const { room, members: [sender, receiver] } = roomOfThree();
  room.post(sender, "a");
  await tick();
  room.post(sender, "b");
  await tick();
  assert.deepEqual(receiver.writes, [["a"], ["b"]]);
});

test("leave() ends what a member gets", async () => {
  const { room, members: [sender, leaver] } = roomOfThree();
  room.leave(leaver);
  room.post(sender, "a");
  await tick();
  assert.deepEqual(leaver.writes, []);
});

test("RelayRooms.get() makes a room once", () => {
  const rooms = new RelayRooms<string>();
  assert.equal(rooms.get("a"), rooms.get("a"));
  assert.notEqual(rooms.get("a"), rooms.get("b"));
});

test("roomOf() tells rooms from echoes", () => {
  assert.equal(roomOf("/room/r000001"), "r000001");
  assert.equal(roomOf("/echo"), undefined);
});
