import { createTasksClient } from '@tasks-api/client';

const tasks = createTasksClient({
  baseUrl: 'http://localhost:8000',
  token: () => process.env['TOKEN'] ?? '',
});

const id = process.env['ID'] ?? '';
const seen = await tasks.getTask({ path: { id } });
// Refused with `precondition-failed` if somebody has changed the task meanwhile.
const task = await tasks.patchTask({
  path: { id },
  body: { description: null },
  ifMatch: seen.etag,
});
console.log(task.etag);
