import type { HttpApp } from "../context.ts";
import { PAGE_POLICY } from "../middleware/security_headers.ts";
import type { AppOptions } from "../options.ts";

const SCRIPT = { "content-type": "text/javascript; charset=utf-8" };

/** The page at `/` on which to try the hub. */
export function addTryPage(app: HttpApp, options: AppOptions): void {
  app.get("/", async (c) => {
    const { page } = await import("../pages/try_assets.ts");
    // A function: what it returns is taken as it is, `$&` and the like included.
    const html = page
      .replace("%websocketPath%", () => escapeHtml(options.websocketPath))
      .replace("%version%", () => escapeHtml(options.version));
    return c.html(html, 200, { "content-security-policy": PAGE_POLICY });
  });
  app.get("/try.js", async (c) => {
    const { script } = await import("../pages/try_assets.ts");
    return c.body(script, 200, SCRIPT);
  });
  app.get("/try_view.js", async (c) => {
    const { view } = await import("../pages/try_assets.ts");
    return c.body(view, 200, SCRIPT);
  });
  app.get("/try.css", async (c) => {
    const { style } = await import("../pages/try_assets.ts");
    return c.body(style, 200, { "content-type": "text/css; charset=utf-8" });
  });
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
