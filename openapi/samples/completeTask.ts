import { createTasksClient } from '@tasks-api/client';

const tasks = createTasksClient({
  baseUrl: 'http://localhost:8000',
  token: () => process.env['TOKEN'] ?? '',
});

const id = process.env['ID'] ?? '';
const task = await tasks.completeTask({
  path: { id },
  body: { completed: true },
});
console.log(task.completed);
