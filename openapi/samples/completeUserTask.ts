import { createTasksClient } from '@tasks-api/client';

const tasks = createTasksClient({
  baseUrl: 'http://localhost:8000',
  token: () => process.env['TOKEN'] ?? '',
});

const task = await tasks.completeUserTask({
  path: {
    user_id: 'q3RkX0nVb8TzYw5LmC2hJ9sPdF6gA1eU',
    id: '019aa3c5-6d0e-7c3b-8f3a-5b1f0c9d7e21',
  },
  body: { completed: true },
});
console.log(task.completed);
