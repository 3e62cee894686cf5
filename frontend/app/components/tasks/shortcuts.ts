/** The commands of the tasks page that have a keyboard shortcut. */
export type Command =
  | 'add'
  | 'next'
  | 'previous'
  | 'complete'
  | 'edit'
  | 'delete'
  | 'undo'
  | 'show-all'
  | 'show-pending'
  | 'show-completed'
  | 'sort'
  | 'print'
  | 'help';

export interface Shortcut {
  readonly command: Command;
  /** The text in the help sheet. */
  readonly action: string;
  /** Values of `KeyboardEvent.key`, in lower case. */
  readonly keys: readonly string[];
  /** Keys that work only while a task has the focus, because they have other uses elsewhere. */
  readonly taskKeys?: readonly string[];
  /** A key that the browser handles, or a key with a modifier. */
  readonly also?: string;
}

export const shortcuts: readonly Shortcut[] = [
  { command: 'add', action: 'Add a task', keys: ['n', '/'] },
  { command: 'next', action: 'Next task', keys: ['j'], taskKeys: ['arrowdown'] },
  { command: 'previous', action: 'Previous task', keys: ['k'], taskKeys: ['arrowup'] },
  { command: 'complete', action: 'Complete or reopen', keys: [], taskKeys: ['x'], also: 'Space' },
  { command: 'edit', action: 'Edit', keys: [], taskKeys: ['e', 'enter'] },
  { command: 'delete', action: 'Delete', keys: [], taskKeys: ['delete', 'backspace', '#'] },
  { command: 'undo', action: 'Undo', keys: ['u'], also: 'Ctrl Z' },
  { command: 'show-all', action: 'Show all tasks', keys: ['1'] },
  { command: 'show-pending', action: 'Show pending tasks', keys: ['2'] },
  { command: 'show-completed', action: 'Show completed tasks', keys: ['3'] },
  { command: 'sort', action: 'Change the sort order', keys: ['s'] },
  { command: 'print', action: 'Print all tasks', keys: [], also: 'Ctrl P' },
  { command: 'help', action: 'Show keyboard shortcuts', keys: ['?'] },
];

/** Commands that repeat while their key is held down. */
const REPEATED: readonly Command[] = ['next', 'previous'];

/** The usual keys with Ctrl or ⌘. They also work when single keys are turned off. */
const WITH_CTRL: Readonly<Partial<Record<string, Command>>> = { z: 'undo', p: 'print' };

export type Keystroke = Pick<
  KeyboardEvent,
  'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey' | 'repeat' | 'isComposing'
>;

/**
 * The command of a keystroke.
 *
 * @param onTask whether a task has the focus
 * @param singleKeys whether keys without a modifier are shortcuts; WCAG 2.2, 2.1.4 requires that they can be turned off
 */
export function commandOf(
  keystroke: Keystroke,
  { onTask, singleKeys }: { readonly onTask: boolean; readonly singleKeys: boolean },
): Command | undefined {
  const { key, shiftKey, ctrlKey, metaKey, altKey, repeat, isComposing } = keystroke;
  if (isComposing) return undefined;
  if ((ctrlKey || metaKey) && !altKey && !shiftKey) return WITH_CTRL[key.toLowerCase()];
  if (!singleKeys || ctrlKey || metaKey || altKey) return undefined;
  // With Shift, only characters such as `?` and `#` are shortcuts.
  const name = shiftKey ? key : key.toLowerCase();
  const found = shortcuts.find(
    ({ keys, taskKeys = [] }) => keys.includes(name) || (onTask && taskKeys.includes(name)),
  );
  return found && repeat && !REPEATED.includes(found.command) ? undefined : found?.command;
}
