'use client';

import type { Task } from '@tasks-api/client';
import { useRef } from 'react';
import type { TaskEdit } from '../../lib/tasks/editing.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

/** Two versions of a task, since it was changed elsewhere while one was editing it: one of them is to be chosen. */
export function ConflictDialog({
  mine,
  theirs,
  wasCompleted,
  saving,
  onKeepMine,
  onTakeTheirs,
  onBack,
}: {
  readonly mine: TaskEdit;
  readonly theirs: Task;
  /** Whether the task was done when the editing began. */
  readonly wasCompleted: boolean;
  readonly saving: boolean;
  readonly onKeepMine: () => void;
  readonly onTakeTheirs: () => void;
  /** Back to the fields, with nothing decided. */
  readonly onBack: () => void;
}) {
  const keep = useRef<HTMLButtonElement>(null);
  return (
    <Dialog
      open
      size="lg"
      initialFocus={keep}
      onOpenChange={onBack}
      title="This task was changed elsewhere"
      description="While you were editing it, another version was saved. Which one is it to be?"
      footer={
        <>
          <Button variant="quiet" onClick={onBack}>
            Back to editing
          </Button>
          <Button variant="secondary" onClick={onTakeTheirs}>
            Take theirs
          </Button>
          <Button ref={keep} pending={saving} onClick={onKeepMine}>
            Keep mine
          </Button>
        </>
      }
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Version name="Yours" version={mine} other={theirs} />
        <Version name="Theirs" version={theirs} other={mine} />
      </div>
      {theirs.completed !== wasCompleted && (
        <p className="mt-4 text-sm text-muted">
          It was also marked as {theirs.completed ? 'done' : 'to do'}, which stays either way.
        </p>
      )}
    </Dialog>
  );
}

function Version({
  name,
  version,
  other,
}: {
  readonly name: string;
  readonly version: TaskEdit;
  readonly other: TaskEdit;
}) {
  return (
    <section aria-label={name} className="min-w-0 rounded-card border border-line p-4">
      <h3 className="font-semibold">{name}</h3>
      <dl className="mt-2 flex flex-col gap-3">
        {PARTS.map(({ label, show }) => {
          const text = show(version);
          const differs = text !== show(other);
          return (
            <div key={label}>
              <dt className="text-sm text-muted">
                {label}
                {differs && <span className="font-medium text-warning"> · differs</span>}
              </dt>
              <dd
                dir="auto"
                className={`whitespace-pre-line ${differs ? '-mx-2 rounded-lg bg-warning-soft px-2 py-1' : ''}`}
              >
                {text || <span className="text-muted">None</span>}
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}

const PARTS: readonly {
  readonly label: string;
  readonly show: (version: TaskEdit) => string;
}[] = [
  { label: 'Title', show: ({ title }) => title },
  { label: 'Details', show: ({ description }) => description ?? '' },
];
