/**
 * Waits until `condition` holds.
 *
 * @throws Error at the deadline, with what `describe` says of the state then.
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  options: { deadlineMs?: number; describe?: () => string } = {},
): Promise<void> {
  const { deadlineMs = 5_000, describe } = options;
  const start = performance.now();
  while (!await condition()) {
    if (performance.now() - start > deadlineMs) {
      const state = describe === undefined ? "" : `: ${describe()}`;
      throw new Error(
        `Cannot wait any longer: condition is still false after ${deadlineMs} ms${state}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
