import { useEffect, useEffectEvent } from 'react';
import { rowKeyOf } from './list-focus.ts';
import { useShortcutSetting } from './shortcut-setting.ts';
import { commandOf, type Command } from './shortcuts.ts';

/** The handlers of commands. They receive the key of the row that has the focus. */
export type CommandHandlers = Readonly<
  Partial<Record<Command, (rowKey: string | undefined) => void>>
>;

/** Elements that handle keys themselves. Notices are dialogs as well, but not modal ones. */
const POPUPS =
  ':is([role=dialog], [role=alertdialog]):not([aria-modal=false]), [role=menu], [role=listbox]';
const FIELDS = 'form, select, [contenteditable]';
/** Elements that Enter activates. */
const ACTIVATED = 'button, a[href], summary';

/** Runs commands by their keys, except while the focus is in a popup or, if the command is not to print, in a form. */
export function useShortcuts(handlers: CommandHandlers): void {
  const [singleKeys] = useShortcutSetting();
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    const target = event.target instanceof Element ? event.target : document.body;
    if (event.defaultPrevented || target.closest(POPUPS)) return;
    if (event.key === 'Enter' && target.closest(ACTIVATED)) return;
    const rowKey = rowKeyOf(target);
    const command = commandOf(event, { onTask: rowKey !== undefined, singleKeys });
    const run = command && handlers[command];
    if (!run || (target.closest(FIELDS) && (command !== 'print' || movesCursor(event)))) return;
    event.preventDefault();
    run(rowKey);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      onKeyDown(event);
    };
    document.addEventListener('keydown', listen);
    return () => {
      document.removeEventListener('keydown', listen);
    };
  }, []);
}

/** Whether a system of Apple moves the cursor in a text field. There, ⌘ is the key for commands. */
function movesCursor({ ctrlKey }: KeyboardEvent): boolean {
  return ctrlKey && navigator.userAgent.includes('Mac');
}
