/** The reason of an aborted signal. The signals of React Native have none. */
export function abortReason(signal: AbortSignal): Error {
  const reason = signal.reason as Error | undefined;
  return reason ?? Object.assign(new Error('The call was aborted'), { name: 'AbortError' });
}

/** `signal.throwIfAborted()`, which React Native lacks. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw abortReason(signal);
}
