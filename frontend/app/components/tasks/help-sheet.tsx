'use client';

import { Switch } from '@base-ui/react/switch';
import { Dialog } from '../ui/dialog.tsx';
import { shortcuts, type Shortcut } from './shortcuts.ts';
import { useShortcutSetting } from './shortcut-setting.ts';

/** The list of keyboard shortcuts, with a switch that turns single-key shortcuts off. */
export function HelpSheet({
  open,
  onOpenChange,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  const [singleKeys, setSingleKeys] = useShortcutSetting();
  return (
    <Dialog open={open} onOpenChange={onOpenChange} size="lg" title="Keyboard shortcuts">
      <label className="flex min-h-11 items-center justify-between gap-4">
        <span>Use single-key shortcuts</span>
        <Switch.Root
          checked={singleKeys}
          onCheckedChange={setSingleKeys}
          className="flex h-6 w-10 shrink-0 rounded-full border border-edge bg-hover p-0.5 transition-colors data-checked:border-accent data-checked:bg-accent"
        >
          <Switch.Thumb className="size-4.5 rounded-full bg-edge transition-[translate,background-color] data-checked:translate-x-4 data-checked:bg-on-accent" />
        </Switch.Root>
      </label>
      <div className="mt-4 grid gap-x-8 gap-y-4 sm:grid-cols-2">
        <Group title="Anywhere on the page" rows={ANYWHERE} />
        <div className="flex flex-col gap-4">
          <Group title="In the list" rows={IN_LIST} />
          <Group title="While typing" rows={TYPING} />
        </div>
      </div>
    </Dialog>
  );
}

const KEY_NAMES: Readonly<Record<string, string>> = {
  arrowup: '↑',
  arrowdown: '↓',
  enter: 'Enter',
  delete: 'Delete',
  backspace: 'Backspace',
};

interface Row {
  readonly action: string;
  /** Each of these keys has the same effect. */
  readonly keys: readonly string[];
}

const rowOf = ({ action, keys, taskKeys = [], also }: Shortcut): Row => ({
  action,
  keys: [...[...keys, ...taskKeys].map(keyName), ...(also === undefined ? [] : [also])],
});
const ANYWHERE = shortcuts.filter(({ taskKeys }) => !taskKeys).map(rowOf);
const IN_LIST = shortcuts.filter(({ taskKeys }) => taskKeys).map(rowOf);
const TYPING: readonly Row[] = [
  { action: 'Add or save', keys: ['Enter'] },
  { action: 'Save from the details', keys: ['Ctrl Enter'] },
  { action: 'Go to the details', keys: ['Shift Enter'] },
  { action: 'Cancel or leave the form', keys: ['Esc'] },
];

/** A value of `KeyboardEvent.key` in lower case, as it is printed on keyboards. */
function keyName(key: string): string {
  return KEY_NAMES[key] ?? key.toUpperCase();
}

function Group({ title, rows }: { readonly title: string; readonly rows: readonly Row[] }) {
  return (
    <section>
      <h3 className="font-semibold">{title}</h3>
      <dl className="mt-1 divide-y divide-line">
        {rows.map(({ action, keys }) => (
          <div key={action} className="flex items-center justify-between gap-4 py-1.5">
            <dt>{action}</dt>
            <dd className="flex flex-wrap justify-end gap-1">
              {keys.map((key) => (
                <kbd
                  key={key}
                  className="inline-flex min-w-6 justify-center rounded-md border border-b-2 border-line bg-canvas px-1.5 font-sans text-sm leading-6 text-muted"
                >
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
