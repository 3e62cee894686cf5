/** What a key can do on the page of tasks. */
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
  | 'help';

export interface Shortcut {
  readonly command: Command;
  /** As the help sheet tells it. */
  readonly meaning: string;
  /** Values of `KeyboardEvent.key`, letters small. */
  readonly keys: readonly string[];
  /** Those that work only while the focus is on a task, for they have other uses elsewhere. */
  readonly taskKeys?: readonly string[];
  /** What does the same without us, or with a modifier. */
  readonly also?: string;
}

export const shortcuts: readonly Shortcut[] = [
  { command: 'add', meaning: 'Write a new task', keys: ['n', '/'] },
  { command: 'next', meaning: 'Go to the next task', keys: ['j'], taskKeys: ['arrowdown'] },
  { command: 'previous', meaning: 'Go to the task before', keys: ['k'], taskKeys: ['arrowup'] },
  { command: 'complete', meaning: 'Complete or reopen', keys: [], taskKeys: ['x'], also: 'Space' },
  { command: 'edit', meaning: 'Edit', keys: [], taskKeys: ['e', 'enter'] },
  { command: 'delete', meaning: 'Delete', keys: [], taskKeys: ['delete', 'backspace', '#'] },
  { command: 'undo', meaning: 'Undo', keys: ['u'], also: 'Ctrl Z' },
  { command: 'show-all', meaning: 'Show all tasks', keys: ['1'] },
  { command: 'show-pending', meaning: 'Show pending tasks', keys: ['2'] },
  { command: 'show-completed', meaning: 'Show completed tasks', keys: ['3'] },
  { command: 'sort', meaning: 'Choose the order', keys: ['s'] },
  { command: 'help', meaning: 'Show this help', keys: ['?'] },
];

/** Commands that a key held down repeats. */
const REPEATED: readonly Command[] = ['next', 'previous'];

export type Keystroke = Pick<
  KeyboardEvent,
  'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey' | 'repeat' | 'isComposing'
>;

/**
 * What a keystroke asks for, when it is not made in a text field.
 *
 * @param onTask whether the focus is on a task
 * @param singleKeys whether keys without a modifier count (WCAG 2.2, 2.1.4: they can be turned off)
 */
export function commandOf(
  keystroke: Keystroke,
  { onTask, singleKeys }: { readonly onTask: boolean; readonly singleKeys: boolean },
): Command | undefined {
  const { key, shiftKey, ctrlKey, metaKey, altKey, repeat, isComposing } = keystroke;
  if (isComposing) return undefined;
  // The same as everywhere else, and no single key.
  if ((ctrlKey || metaKey) && !altKey && !shiftKey && key.toLowerCase() === 'z') return 'undo';
  if (!singleKeys || ctrlKey || metaKey || altKey) return undefined;
  // Shift makes another character, `?` or `#`, or else asks for something else.
  const name = shiftKey ? key : key.toLowerCase();
  const found = shortcuts.find(
    ({ keys, taskKeys = [] }) => keys.includes(name) || (onTask && taskKeys.includes(name)),
  );
  return found && repeat && !REPEATED.includes(found.command) ? undefined : found?.command;
}
