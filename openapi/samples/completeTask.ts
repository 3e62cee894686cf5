import { createTasksClient } from '@tasks-api/client';

const tasks = createTasksClient({
  baseUrl: 'http://localhost:8000',
  token: () => process.env['TOKEN'] ?? '',
});

const task = await tasks.completeTask({
  path: { id: '019aa3c5-6d0e-7c3b-8f3a-5b1f0c9d7e21' },
  body: { completed: true },
});
console.log(task.completed);
