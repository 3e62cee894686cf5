'use client';

import type { Task } from '@tasks-api/client';
import { useRef } from 'react';
import type { TaskInput } from '../../lib/tasks/task-input.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

/** Shows the two versions of a task that was changed elsewhere while it was edited, and lets the user choose one. */
export function ConflictDialog({
  mine,
  theirs,
  wasCompleted,
  saving,
  onKeepMine,
  onTakeTheirs,
  onBack,
}: {
  readonly mine: TaskInput;
  readonly theirs: Task;
  /** Whether the task was completed when editing began. */
  readonly wasCompleted: boolean;
  readonly saving: boolean;
  readonly onKeepMine: () => void;
  readonly onTakeTheirs: () => void;
  /** Returns to the form without a choice. */
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
      description="Another version was saved while you were editing. Choose the version to keep."
      footer={
        <>
          <Button variant="quiet" onClick={onBack}>
            Back to editing
          </Button>
          <Button variant="secondary" onClick={onTakeTheirs}>
            Use saved version
          </Button>
          <Button ref={keep} needsConnection pending={saving} onClick={onKeepMine}>
            Keep my version
          </Button>
        </>
      }
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Version name="Your version" version={mine} other={theirs} />
        <Version name="Saved version" version={theirs} other={mine} />
      </div>
      {theirs.completed !== wasCompleted && (
        <p className="mt-4 text-sm text-muted">
          The task was also marked as {theirs.completed ? 'completed' : 'pending'}. Your choice does
          not change that.
        </p>
      )}
    </Dialog>
  );
}

/** How to show each field of a version. */
const FIELDS: Readonly<
  Record<keyof TaskInput, { readonly label: string; readonly text: (version: TaskInput) => string }>
> = {
  title: { label: 'Title', text: ({ title }) => title },
  description: { label: 'Details', text: ({ description }) => description ?? '' },
};

function Version({
  name,
  version,
  other,
}: {
  readonly name: string;
  readonly version: TaskInput;
  readonly other: TaskInput;
}) {
  return (
    <section aria-label={name} className="min-w-0 rounded-card border border-line p-4">
      <h3 className="font-semibold">{name}</h3>
      <dl className="mt-2 flex flex-col gap-3">
        {Object.values(FIELDS).map(({ label, text }) => {
          const shown = text(version);
          const differs = shown !== text(other);
          return (
            <div key={label}>
              <dt className="text-sm text-muted">
                {label}
                {differs && <span className="font-medium text-warning"> · different</span>}
              </dt>
              <dd
                dir="auto"
                className={`whitespace-pre-line ${differs ? '-mx-2 rounded-lg bg-warning-soft px-2 py-1' : ''}`}
              >
                {shown || <span className="text-muted">None</span>}
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}
