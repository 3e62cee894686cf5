const NAMES: Readonly<Record<string, string>> = {
  arrowup: '↑',
  arrowdown: '↓',
  enter: 'Enter',
  delete: 'Delete',
  backspace: 'Backspace',
};

/** A value of `KeyboardEvent.key` as it stands on keyboards. */
export function keyName(key: string): string {
  return NAMES[key] ?? key.toUpperCase();
}
