/** Resolves once every promise has settled that waits for nothing outside: microtasks come before timers. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
