import { createTasksClient } from '@tasks-api/client';

const tasks = createTasksClient({
  baseUrl: 'http://localhost:8000',
  token: () => process.env['TOKEN'] ?? '',
});

const user_id = process.env['USER_ID'] ?? '';
const page = await tasks.listUserTasks({
  path: { user_id },
  query: { status: 'pending', limit: 50 },
});
console.log(page.items, page.next_cursor);

// Or all tasks, page by page:
for await (const task of tasks.allUserTasks({
  path: { user_id },
})) {
  console.log(task.title);
}
