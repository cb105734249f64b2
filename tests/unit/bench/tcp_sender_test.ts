import assert from "node:assert/strict";
import { test } from "node:test";
import type { TcpSocket } from "../../../bench/bun_tcp.ts";
import { TcpSender } from "../../../bench/tcp_sender.ts";

/** Takes as many bytes as it is allowed. */
class ChokedSocket implements TcpSocket<undefined> {
  readonly data = undefined;
  readonly taken: number[] = [];
  room = 0;

  write(bytes: Uint8Array): number {
    const count = Math.min(this.room, bytes.length);
    this.taken.push(...bytes.subarray(0, count));
    this.room -= count;
    return count;
  }

  terminate(): void {}
}

test("send() keeps what the socket does not take, in order, whatever becomes of the caller's bytes", () => {
  const socket = new ChokedSocket();
  const sender = new TcpSender(socket);
  const bytes = Uint8Array.of(1, 2, 3);
  socket.room = 1;
  sender.send(bytes);
  bytes.fill(9);
  socket.room = 100;
  sender.send(Uint8Array.of(4, 5));
  assert.deepEqual(socket.taken, [1]);
  socket.room = 3;
  sender.drained();
  assert.deepEqual(socket.taken, [1, 2, 3, 4]);
  socket.room = 100;
  sender.drained();
  sender.send(Uint8Array.of(6));
  assert.deepEqual(socket.taken, [1, 2, 3, 4, 5, 6]);
});
