/** Told what a hook threw: the transaction stands, so its caller cannot be. */
export type HookFailure = (error: unknown) => void;

/**
 * Runs what was to follow a commit, in its order, a turn of the event loop later: pushes and counters must not delay the
 * acknowledgement. A hook that throws stops no other.
 */
export function runHooks(hooks: readonly (() => void)[], onFailure: HookFailure): void {
  if (hooks.length === 0) return;
  setImmediate(() => {
    for (const hook of hooks) {
      try {
        hook();
      } catch (error) {
        onFailure(error);
      }
    }
  });
}
