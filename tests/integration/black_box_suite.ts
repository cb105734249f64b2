import { testConnecting } from "./black_box/connecting.ts";
import { testErrors } from "./black_box/errors.ts";
import { testHandlers } from "./black_box/handlers.ts";
import { testHttp } from "./black_box/http.ts";
import { testHttpHub } from "./black_box/http_hub.ts";
import { testMembership } from "./black_box/membership.ts";
import { testMessages } from "./black_box/messages.ts";
import { testRooms } from "./black_box/rooms.ts";
import type { Target } from "./black_box/scene.ts";

export type { Target } from "./black_box/scene.ts";

/** What a hub must be started with for the suite, from the project's folder. */
export const BLACK_BOX_CONFIG = `
server:
  websocket:
    max_message_bytes: 16KiB
    allowed_origins: ["https://good.example", "https://*.wild.example"]
handlers: [tests/integration/fixtures/handlers.ts]
auth:
  anonymous_permissions:
    - read:message
    - send:message
    - create:room
    - delete:room
    - join:room
    - leave:room
    - direct:message
    - broadcast:message
    - read:presence
rooms:
  namespaces:
    brief: { empty_ttl: 100ms }
    closed: { auto_create: false }
    echo: { echo: true }
    pair: { max_clients: 2 }
    quiet: { presence: false }
`;

/**
 * Registers the tests of docs/protocol.md, from the outside alone: everything a hub promises to
 * whoever connects, in both dialects and over HTTP, whatever it is written in and however it runs.
 */
export function testBlackBox(target: Target): void {
  testConnecting(target);
  testRooms(target);
  testMembership(target);
  testMessages(target);
  testErrors(target);
  testHandlers(target);
  testHttp(target);
  testHttpHub(target);
}
