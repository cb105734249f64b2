import type { BareConn } from "./fake_conn.ts";
import type { TestClient, TestHub } from "./test_hub.ts";

/** What the fake wall clock reads while nobody moves it. */
export const NOW = "1700000000000";

/**
 * Has a client send frames one after the other; returns the texts of what it got back, forgetting
 * what came before.
 */
export function exchange(
  hub: TestHub,
  client: TestClient,
  ...frames: string[]
): readonly string[] {
  client.conn.clear();
  for (const frame of frames) hub.send(client, frame);
  return textsOf(client.conn);
}

/** The messages that were written, one text each, however they were framed; forgets them. */
export function textsOf(conn: BareConn): readonly string[] {
  const texts = conn.texts.flatMap((text) => text.split("\n"));
  conn.clear();
  return texts;
}

/** The frame of an error to a message whose id was `request_id`, as JSON text. */
export function errorText(
  code: number,
  options: {
    readonly message: string;
    readonly requestId: number;
    readonly details?: string;
  },
): string {
  const { message, requestId, details } = options;
  const extra = details === undefined ? "" : `,"details":${details}`;
  return `{"message_id":0,"message_type":"error","request_id":${requestId},"data":{"code":${code},"message":"${message}","request_id":${requestId}${extra}},"timestamp":${NOW}}`;
}
