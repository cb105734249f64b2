import { runtime } from "#runtime";
import type { Transport } from "./transport_conformance.ts";
import { testClosing } from "./transport_closing.ts";
import { testCompression } from "./transport_compression.ts";
import { testFaults } from "./transport_faults.ts";
import { testFlow } from "./transport_flow.ts";
import { testMessages } from "./transport_messages.ts";
import { testPort } from "./transport_port.ts";

const TRANSPORTS: Readonly<Record<"deno" | "bun", readonly Transport[]>> = {
  deno: [{
    name: "ws",
    listen: (options) => runtime.listen({ ...options, transport: "ws" }),
    abilities: ["ping", "terminate", "drain", "pause"],
  }, {
    name: "native",
    listen: (options) => runtime.listen({ ...options, transport: "native" }),
    abilities: [],
    dropsBrokenFrames: "Deno drops TCP at a protocol error",
    dropsWhoSendsOn: "Deno drops TCP when a frame comes behind its own close",
    takesUnmaskedFrames: "Deno does not look at the mask bit",
    cannotCompress: "Deno.upgradeWebSocket has no permessage-deflate",
    keepsPort: "Deno.serve closes its WebSockets when it stops listening",
  }],
  bun: [{
    name: "bun",
    listen: (options) => runtime.listen({ ...options, transport: "native" }),
    abilities: ["ping", "terminate", "drain", "pause"],
    closesWithoutAnswer: "Bun ends TCP behind its close frame",
  }],
};

for (const transport of TRANSPORTS[runtime.name]) {
  testMessages(transport);
  testClosing(transport);
  testFaults(transport);
  testCompression(transport);
  testFlow(transport);
  testPort(transport);
}
