import { createTasksClient } from '@tasks-api/client';

const tasks = createTasksClient({
  baseUrl: 'http://localhost:8000',
  token: () => process.env['TOKEN'] ?? '',
});

const seen = await tasks.getTask({
  path: { id: '019aa3c5-6d0e-7c3b-8f3a-5b1f0c9d7e21' },
});
// Refused with `precondition-failed` if somebody has changed the task meanwhile.
const task = await tasks.patchTask({
  path: { id: seen.id },
  body: { description: null },
  ifMatch: seen.etag,
});
console.log(task.etag);
