import { createTasksClient } from '@tasks-api/client';

const tasks = createTasksClient({
  baseUrl: 'http://localhost:8000',
  token: () => process.env['TOKEN'] ?? '',
});

const task = await tasks.createTask({
  body: { title: 'Buy milk', description: 'Two litres' },
});
console.log(task.id);
