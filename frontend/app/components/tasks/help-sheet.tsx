'use client';

import { Switch } from '@base-ui/react/switch';
import { Dialog } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { keyName } from './key-names.ts';
import { shortcuts, type Shortcut } from './shortcuts.ts';
import { useShortcutSetting } from './shortcut-setting.ts';

/** Everything that the keyboard can do, and the switch that turns single keys off. */
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
        <span>Single keys are shortcuts</span>
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
          <Group title="While writing" rows={WRITING} />
        </div>
      </div>
    </Dialog>
  );
}

interface Row {
  readonly meaning: string;
  /** Any of them. */
  readonly keys: readonly string[];
}

const rowOf = ({ meaning, keys, taskKeys = [], also }: Shortcut): Row => ({
  meaning,
  keys: [...[...keys, ...taskKeys].map(keyName), ...(also === undefined ? [] : [also])],
});
const ANYWHERE = shortcuts.filter(({ taskKeys }) => !taskKeys).map(rowOf);
const IN_LIST = shortcuts.filter(({ taskKeys }) => taskKeys).map(rowOf);
const WRITING: readonly Row[] = [
  { meaning: 'Add or save', keys: ['Enter'] },
  { meaning: 'Save from the details', keys: ['Ctrl Enter'] },
  { meaning: 'Go on to the details', keys: ['Shift Enter'] },
  { meaning: 'Stop writing', keys: ['Esc'] },
];

function Group({ title, rows }: { readonly title: string; readonly rows: readonly Row[] }) {
  return (
    <section>
      <h3 className="font-semibold">{title}</h3>
      <dl className="mt-1 divide-y divide-line">
        {rows.map(({ meaning, keys }) => (
          <div key={meaning} className="flex items-center justify-between gap-4 py-1.5">
            <dt>{meaning}</dt>
            <dd className="flex flex-wrap justify-end gap-1">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
