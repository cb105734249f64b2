import assert from "node:assert/strict";
import { test } from "node:test";
import { TestApi } from "../../../fakes/test_api.ts";

test("/ is a page that knows where to connect", async () => {
  const reply = await new TestApi({ websocketPath: "/realtime/ws" }).raw(
    "GET",
    "/",
  );
  assert.equal(reply.status, 200);
  assert.match(reply.headers.get("content-type") ?? "", /^text\/html/);
  assert.ok(reply.text.includes('data-websocket-path="/realtime/ws"'));
  assert.ok(reply.text.includes("1.2.3"));
  assert.doesNotMatch(reply.text, /%\w+%/);
});

test("/ escapes what comes from the configuration", async () => {
  const path = `/"><script>alert('$&')</script>`;
  const reply = await new TestApi({ websocketPath: path }).raw("GET", "/");
  assert.ok(
    reply.text.includes(
      "&#34;&#62;&#60;script&#62;alert(&#39;$&#38;&#39;)&#60;/script&#62;",
    ),
  );
  assert.ok(!reply.text.includes("<script>alert"));
});

test("/ loads nothing but what the node serves, and serves all it loads", async () => {
  const api = new TestApi();
  for (const path of ["/", "/docs"]) {
    const page = await api.raw("GET", path);
    const policy = page.headers.get("content-security-policy") ?? "";
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self'(?:;|$)/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe|https?:/);
    const sources = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(
      (match) => match[1] ?? "",
    ).filter((source) => !source.startsWith("data:"));
    assert.ok(sources.length > 0);
    for (const source of sources) {
      const reply = await api.raw(
        "GET",
        new URL(source, `http://h${path}`).pathname,
      );
      assert.equal(reply.status, 200, source);
      assert.ok(reply.text.length > 0, source);
      assert.match(
        reply.headers.get("content-type") ?? "",
        source.endsWith(".js")
          ? /^text\/javascript/
          : source.endsWith(".css")
          ? /^text\/css/
          : /./,
      );
    }
    assert.doesNotMatch(page.text, /<script>|<style>| on\w+="| style="/);
  }
});
