'use client';

import { useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  createElement,
  use,
  useEffect,
  useState,
  type ReactElement,
  type ReactNode,
} from 'react';
import { apiFetch, tasksClient } from '../api/client.ts';
import { beginSession, redirectToSignIn } from '../api/session.ts';
import { notify } from '../notices.ts';
import { offline } from '../offline.ts';
import { createTasksModel, type TasksModel } from './model.ts';

const TasksContext = createContext<TasksModel | undefined>(undefined);

/**
 * The tasks of the user.
 *
 * @throws outside a `TasksProvider`
 */
export function useTasksModel(): TasksModel {
  const model = use(TasksContext);
  if (!model) throw new Error('Task hooks must be used inside a TasksProvider');
  return model;
}

interface Props {
  readonly userId: string;
  readonly children: ReactNode;
}

/** Provides the tasks of a user to the signed-in pages. It has to be inside `Providers`, which configure the client and the cache. */
export function TasksProvider({ userId, children }: Props): ReactElement {
  // The key creates a new model for another user.
  return createElement(UserTasks, { key: userId, userId, children });
}

function UserTasks({ userId, children }: Props): ReactElement {
  const queryClient = useQueryClient();
  const [model] = useState(() => {
    // Must come before the first query of the components below.
    beginSession(userId);
    return createTasksModel({
      ...{ userId, client: tasksClient, apiFetch, queryClient, notify, redirectToSignIn },
    });
  });
  useEffect(() => {
    const { connection } = model;
    const stops = [
      connection.subscribe(() => {
        offline.set(connection.get() === 'offline');
      }),
      model.start(),
    ];
    return () => {
      for (const stop of stops) stop();
      offline.set(false);
    };
  }, [model]);
  return createElement(TasksContext, { value: model }, children);
}
