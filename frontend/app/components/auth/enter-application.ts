/**
 * Goes into the application as somebody else than before. It loads the page anew, so that nothing of an earlier user is
 * left in memory, and leaves no way back to a form that has done its work.
 *
 * @param path from `safeReturnPath`
 */
export function enterApplication(path: string): void {
  window.location.replace(path);
}
