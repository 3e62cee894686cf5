import { useEffect, useEffectEvent } from 'react';
import { rowKeyOf } from './list-focus.ts';
import { useShortcutSetting } from './shortcut-setting.ts';
import { commandOf, type Command } from './shortcuts.ts';

/** The handlers of commands. They receive the key of the row that has the focus. */
export type CommandHandlers = Readonly<
  Partial<Record<Command, (rowKey: string | undefined) => void>>
>;

/** Elements that handle keys themselves: forms and popups. */
const OWN_KEYS =
  'form, select, [contenteditable], [role=dialog], [role=alertdialog], [role=menu], [role=listbox]';
/** Elements that Enter activates. */
const ACTIVATED = 'button, a[href], summary';

/** Runs commands by their keys, except while the focus is in a form or a popup. */
export function useShortcuts(handlers: CommandHandlers): void {
  const [singleKeys] = useShortcutSetting();
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    const target = event.target instanceof Element ? event.target : document.body;
    if (event.defaultPrevented || target.closest(OWN_KEYS)) return;
    if (event.key === 'Enter' && target.closest(ACTIVATED)) return;
    const rowKey = rowKeyOf(target);
    const command = commandOf(event, { onTask: rowKey !== undefined, singleKeys });
    const run = command && handlers[command];
    if (!run) return;
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
