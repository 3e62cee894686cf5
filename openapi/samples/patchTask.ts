import { createTasksClient } from '@tasks-api/client';

const tasks = createTasksClient({
  baseUrl: 'http://localhost:8000',
  token: () => process.env['TOKEN'] ?? '',
});

const id = process.env['ID'] ?? '';
const current = await tasks.getTask({ path: { id } });
// Fails with `precondition-failed` if the task has changed.
const task = await tasks.patchTask({
  path: { id },
  body: { description: null },
  ifMatch: current.etag,
});
console.log(task.etag);
