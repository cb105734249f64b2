import { runtime } from "#runtime";

/**
 * A program that shows what a runtime does to a process of its own; its first argument says what.
 * It ends by itself, or by the signal it waits for.
 */
function main([what, ...rest]: readonly string[]): void {
  switch (what) {
    case "args":
      runtime.writeStdout(`${JSON.stringify(rest)}\n`);
      return;
    case "output":
      runtime.writeStdout(`${"o".repeat(3_000_000)}\n`);
      runtime.writeStderr("the end\n");
      return runtime.exit(3);
    case "uncaught":
      return surviveErrors();
    case "signals":
      return waitForSignals();
    default:
      throw new Error(`Cannot do ${what}: unknown`);
  }
}

/** Prints the errors nobody caught, and after the last of them goes on to the end. */
function surviveErrors(): void {
  const messages: string[] = [];
  const watch = runtime.onUncaught((error) => {
    messages.push(error instanceof Error ? error.message : String(error));
    if (messages.length < 3) return;
    watch.stop();
    runtime.writeStdout(`${messages.sort().join()}\n`);
    runtime.clock.after(10, () => runtime.exit(0));
  });
  runtime.clock.defer(() => {
    throw new Error("deferred");
  });
  runtime.clock.after(1, () => {
    throw new Error("timer");
  });
  void Promise.reject(new Error("promise"));
}

/** Says `ready`, then the name of each signal; SIGHUP is heard once only, SIGTERM ends it. */
function waitForSignals(): void {
  // An interval does not keep a process alive, a timer does.
  runtime.clock.after(60_000, () => runtime.exit(1));
  const hangup = runtime.onSignal("SIGHUP", () => {
    runtime.writeStdout("SIGHUP\n");
    hangup.stop();
    runtime.onSignal("SIGHUP", () => runtime.writeStdout("SIGHUP again\n"));
  });
  runtime.onSignal("SIGTERM", () => {
    runtime.writeStdout("SIGTERM\n");
    runtime.exit(5);
  });
  runtime.writeStdout("ready\n");
}

main(runtime.args);
