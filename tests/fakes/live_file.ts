import { LiveConfig } from "../../src/config/live_config.ts";
import { loadConfig } from "../../src/config/load_config.ts";
import type { Config } from "../../src/config/schema.ts";
import { FakeLogger } from "./fake_logger.ts";

/** A live configuration over a file that a test writes to. */
export async function liveOver(yaml: string) {
  const file = { text: yaml, reads: 0 };
  const logger = new FakeLogger();
  function loadFile(): Promise<Config> {
    return loadConfig({
      configPath: "hubbub.yaml",
      env: {},
      readTextFile: () => {
        file.reads += 1;
        return Promise.resolve(file.text);
      },
    });
  }
  const live = new LiveConfig({
    config: await loadFile(),
    load: loadFile,
    configPath: "hubbub.yaml",
    logger,
  });
  file.reads = 0;
  return { file, live, logger };
}
