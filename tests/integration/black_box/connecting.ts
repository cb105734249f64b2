import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { HubClient } from "../../fakes/hub_client.ts";
import {
  type HandshakeOptions,
  RawWsClient,
} from "../../fakes/raw_ws_client.ts";
import { OPCODES } from "../../fakes/raw_ws_frames.ts";
import {
  Api,
  assertMessage,
  type Scene,
  SUBPROTOCOL,
  type Target,
  testAbility,
  testDialects,
  testTarget,
} from "./scene.ts";

/** The handshake, the greeting, and how connections end. */
export function testConnecting(target: Target): void {
  testTarget(target, "welcome greets subprotocol clients", async (baseUrl) => {
    const { node_id } = Object(
      (await Api.open(baseUrl).then((api) => api.call("GET", "/health"))).json,
    );
    using client = await HubClient.connect(baseUrl, {
      clientId: "ann@example.com",
      subprotocol: SUBPROTOCOL,
    });
    assert.equal(client.subprotocol, SUBPROTOCOL);
    const welcome = await client.take("welcome");
    const { connection_id, session } = Object(welcome.data);
    for (const id of [connection_id, session]) {
      assert.match(id, /^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    }
    assertMessage(welcome, {
      type: "welcome",
      data: {
        client_id: "ann@example.com",
        connection_id,
        node_id,
        ping_interval_ms: 25_000,
        max_message_bytes: 16_384,
        session,
      },
    });
  });

  testTarget(target, "plain clients hear nothing unasked", async (baseUrl) => {
    using client = await HubClient.connect(baseUrl);
    assert.equal(client.subprotocol, "");
    await client.request("ping");
    assert.deepEqual(await client.rest(), []);
    assert.deepEqual(client.texts, []);
  });

  testTarget(target, "handshake refuses what it must", async (baseUrl) => {
    const cases: [HandshakeOptions, number][] = [
      [{ headers: { "Sec-WebSocket-Protocol": "chat, hubbub.v9.xml" } }, 400],
      [{ path: "/ws?client_id=no%20blanks" }, 400],
      [{ path: "/ws?client_id=" }, 400],
      [{ path: `/ws?client_id=${"x".repeat(129)}` }, 400],
      [{ path: "/elsewhere" }, 404],
      [{ headers: { Upgrade: undefined, Connection: undefined } }, 426],
    ];
    for (const [options, status] of cases) {
      using client = await RawWsClient.connect(portOf(baseUrl), options);
      assert.equal(client.answer.status, status, JSON.stringify(options));
    }
  });

  testTarget(target, "handshake takes the first it knows", async (baseUrl) => {
    const offer = `chat, ${SUBPROTOCOL}`;
    using client = await RawWsClient.connect(portOf(baseUrl), {
      headers: { "Sec-WebSocket-Protocol": offer },
    });
    assert.equal(client.answer.status, 101);
    assert.equal(
      client.answer.headers.get("sec-websocket-protocol"),
      SUBPROTOCOL,
    );
  });

  testTarget(target, "origins are held against the list", async (baseUrl) => {
    for (
      const origin of [
        "https://bad.example",
        "http://good.example",
        "https://good.example.evil",
        "https://wild.example",
        "null",
      ]
    ) {
      using client = await RawWsClient.connect(portOf(baseUrl), {
        headers: { Origin: origin },
      });
      assert.equal(client.answer.status, 101, "a page sees only a close code");
      assert.deepEqual(await client.nextClose(), {
        code: 4506,
        reason: "forbidden origin",
      }, origin);
    }
    for (
      const origin of [
        "https://good.example",
        "https://a.wild.example",
        "https://a.b.wild.example",
      ]
    ) {
      using client = await RawWsClient.connect(portOf(baseUrl), {
        headers: { Origin: origin },
      });
      client.sendText('{"message_type":"ping"}');
      assert.match(await client.nextText(), /"pong"/, origin);
    }
  });

  testTarget(target, "a refused page is told why", async (baseUrl) => {
    using client = await RawWsClient.connect(portOf(baseUrl), {
      headers: {
        Origin: "https://bad.example",
        "Sec-WebSocket-Protocol": SUBPROTOCOL,
      },
    });
    const { message_type, data } = Object(
      JSON.parse(await client.nextText()),
    );
    assert.deepEqual({ message_type, data }, {
      message_type: "disconnecting",
      data: { code: 4506, reason: "forbidden origin" },
    });
    assert.equal((await client.nextClose()).code, 4506);
  });

  testDialects(target, "a message too big closes with 1009", async (s) => {
    const ann = await s.connect();
    const fits = `{"message_type":"ping","data":{},"pad":""}`;
    const pad = "x".repeat(16_384 - fits.length);
    ann.sendRaw(fits.replace(`"pad":""`, `"pad":"${pad}"`));
    await ann.take("pong");
    ann.sendRaw(fits.replace(`"pad":""`, `"pad":"${pad}y"`));
    assert.equal((await ann.waitForClose()).code, 1009);
  });

  testDialects(target, "a close is answered with its code", async (s) => {
    for (const code of [1000, 3000, 4999]) {
      const ann = await s.connect();
      assert.equal((await ann.close(code, "bye")).code, code);
    }
  });

  testTarget(target, "a ping frame is answered", async (baseUrl) => {
    using client = await RawWsClient.connect(portOf(baseUrl));
    client.sendFrames({ opcode: OPCODES.ping, payload: "are you there" });
    const { opcode, payload } = await client.nextFrame();
    assert.equal(opcode, OPCODES.pong);
    assert.deepEqual(payload, Buffer.from("are you there"));
  });

  testAbility(target, "close frame for broken frames", {
    title: "invalid UTF-8 in text closes with 1007",
    run: async (baseUrl) => {
      using client = await RawWsClient.connect(portOf(baseUrl));
      client.sendFrames({
        opcode: OPCODES.text,
        payload: Uint8Array.of(0x22, 0xc3, 0x28, 0x22),
      });
      assert.equal((await client.nextClose()).code, 1007);
    },
  });

  testDialects(target, "a kicked client is told and closed", testKick);
}

async function testKick(s: Scene): Promise<void> {
  const api = await Api.open(s.baseUrl);
  const room = s.name("lobby");
  const ann = await s.member(room, "ann");
  const tabs = [await s.member(room, "bob"), await s.member(room, "bob")];
  await ann.rest();
  const path = `/api/clients/${s.name("bob")}`;
  const { connections } = Object((await api.call("GET", path)).json);
  const [first] = connections;
  const one = await api.call("DELETE", `${path}?connection_id=${first.id}`);
  assert.deepEqual(one.json, { status: "client kicked", connections: 1 });
  const closed = await Promise.race(tabs.map((tab) => tab.waitForClose()));
  assert.deepEqual(closed, { code: 4503, reason: "kicked" });
  assert.deepEqual(await ann.rest(), [], "bob is still there");
  const rest = await api.call("DELETE", path);
  assert.deepEqual(rest.json, { status: "client kicked", connections: 1 });
  for (const tab of tabs) {
    assert.deepEqual(await tab.waitForClose(), {
      code: 4503,
      reason: "kicked",
    });
    if (s.subprotocol === undefined) continue;
    assertMessage(await tab.take("disconnecting"), {
      type: "disconnecting",
      data: { code: 4503, reason: "kicked" },
    });
  }
  assertMessage(await ann.take("member_left"), {
    type: "member_left",
    data: { room_id: room, client_id: s.name("bob"), reason: "kicked" },
  });
  assert.equal((await api.call("DELETE", path)).status, 404);
}

function portOf(baseUrl: string): number {
  return Number(new URL(baseUrl).port);
}
