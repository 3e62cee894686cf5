/**
 * Runs a task when the browser is idle, so that it does not delay the page.
 *
 * @returns a function that cancels the task
 */
export function whenIdle(task: () => void): () => void {
  // Not in Safari.
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(task, 1_000);
    return () => {
      clearTimeout(timer);
    };
  }
  const handle = requestIdleCallback(task);
  return () => {
    cancelIdleCallback(handle);
  };
}
