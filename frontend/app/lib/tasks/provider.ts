'use client';

import { useQueryClient } from '@tanstack/react-query';
import { createElement, useEffect, useState, type ReactElement, type ReactNode } from 'react';
import { apiFetch, beginSession, leaveForSignIn, tasksClient } from '../api/client.ts';
import { notify } from '../notices.ts';
import { TasksContext } from './context.ts';
import { createTasksModel } from './model.ts';

interface Props {
  readonly userId: string;
  readonly children: ReactNode;
}

/**
 * Gives the pages below it the tasks of a user: around all pages of somebody who is signed in, below the providers of the
 * query client and of the API's address.
 */
export function TasksProvider({ userId, children }: Props): ReactElement {
  // Another user's tasks are another model.
  return createElement(UserTasks, { key: userId, userId, children });
}

function UserTasks({ userId, children }: Props): ReactElement {
  const queryClient = useQueryClient();
  const [model] = useState(() => {
    // Before anything below is read.
    beginSession(userId);
    const leave = leaveForSignIn;
    return createTasksModel({ userId, client: tasksClient, apiFetch, queryClient, notify, leave });
  });
  useEffect(() => model.start(), [model]);
  return createElement(TasksContext, { value: model }, children);
}
