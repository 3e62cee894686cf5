'use client';

import { CircleAlert, CircleDashed, Pencil, Send, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { canDiscard, type UnsentTask } from '../../lib/tasks/unsent-item.ts';
import { useUnsent } from '../../lib/tasks/use-tasks.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { mainProps } from './list-focus.ts';
import { TaskDetails } from './task-details.tsx';

interface Props {
  readonly item: UnsentTask;
  readonly onEdit: () => void;
  readonly onDiscard: () => void;
}

/** A new task that the service has not created yet or has refused. */
export function UnsentRow({ item, onEdit, onDiscard }: Props) {
  const { title, state } = item;
  const refused = state === 'refused';
  const Icon = refused ? CircleAlert : CircleDashed;
  return (
    <div className="flex items-start py-1 transition-opacity duration-200 sm:gap-1 starting:opacity-0">
      <span className="grid size-11 shrink-0 place-items-center">
        <Icon aria-hidden className={`size-6 ${refused ? 'text-danger' : 'text-edge'}`} />
      </span>
      <div className="min-w-0 grow py-2.5">
        <p dir="auto" className="line-clamp-3 font-medium print:line-clamp-none">
          {title}
        </p>
        <TaskDetails task={item} />
        {refused ? (
          <Refused item={item} onEdit={onEdit} onDiscard={onDiscard} />
        ) : (
          // Fades in after a delay, because most tasks are sent before it could be read.
          <p
            key={state}
            className="mt-0.5 text-xs text-muted transition-opacity delay-300 starting:opacity-0"
          >
            {state === 'sending' ? 'Sending…' : 'Waiting to be sent'}
          </p>
        )}
      </div>
      {!refused && canDiscard(item) && (
        <IconButton
          label={`Discard “${title}”`}
          tooltip="Discard"
          {...mainProps}
          onClick={onDiscard}
        >
          <Trash2 aria-hidden size={18} />
        </IconButton>
      )}
    </div>
  );
}

/** The reason for the refusal, and the actions. */
function Refused({ item: { id, title, refusal }, onEdit, onDiscard }: Props) {
  const unsent = useUnsent();
  const label = (icon: ReactNode, verb: string) => (
    <>
      {icon} {verb} <span className="sr-only">“{title}”</span>
    </>
  );
  return (
    <>
      <p className="text-sm text-danger">Not added: {refusal?.title}</p>
      {refusal?.detail && <p className="text-sm text-muted">{refusal.detail}</p>}
      <div className="mt-2 flex flex-wrap gap-2">
        <Button variant="secondary" size="sm" {...mainProps} onClick={onEdit}>
          {label(<Pencil aria-hidden size={16} />, 'Edit')}
        </Button>
        <Button
          variant="secondary"
          size="sm"
          onClick={() => {
            unsent.retry(id);
          }}
        >
          {label(<Send aria-hidden size={16} />, 'Send again')}
        </Button>
        <Button variant="quiet" size="sm" onClick={onDiscard}>
          {label(<Trash2 aria-hidden size={16} />, 'Discard')}
        </Button>
      </div>
    </>
  );
}
