/**
 * What Node.js and PostgreSQL cost by themselves: `node:http`, and `pg` with prepared statements. There is no token, and
 * nothing is validated.
 */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { randomUUIDv7 } from 'node:crypto';

const { DATABASE_URL: connectionString, PORT, USER_ID: userId } = process.env;

// Times as text keep their microseconds, which a cursor needs.
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (time) =>
  time.replace(' ', 'T').replace(/\+00$/, 'Z'),
);
const pool = new pg.Pool({
  connectionString,
  max: 10,
  // Connections stay open.
  idleTimeoutMillis: 0,
  options: '-c TimeZone=UTC',
});

interface Task {
  readonly id: string;
  readonly created_at: string;
}

const columns = 'id, user_id, title, description, completed, created_at, updated_at';
const statements = {
  get: `select ${columns} from tasks where user_id = $1 and id = $2`,
  first: `select ${columns} from tasks where user_id = $1 order by created_at desc, id desc limit $2`,
  after: `select ${columns} from tasks where user_id = $1 and (created_at, id) < ($3, $4)
          order by created_at desc, id desc limit $2`,
  create: `insert into tasks (user_id, id, title, description, completed) values ($1, $2, $3, $4, $5)
           returning ${columns}`,
  complete: `update tasks set completed = $3, version = version + 1, updated_at = now()
             where user_id = $1 and id = $2 returning ${columns}`,
};

async function run(name: keyof typeof statements, values: unknown[]): Promise<Task[]> {
  return (await pool.query<Task>({ name, text: statements[name], values: [userId, ...values] }))
    .rows;
}

async function list(query: URLSearchParams) {
  const limit = Number(query.get('limit') ?? 20);
  const cursor = query.get('cursor');
  const rows = cursor
    ? await run('after', [limit + 1, ...Buffer.from(cursor, 'base64url').toString().split(' ')])
    : await run('first', [limit + 1]);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const next =
    last && rows.length > limit
      ? Buffer.from(`${last.created_at} ${last.id}`).toString('base64url')
      : null;
  return { items, next_cursor: next };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const content = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(content),
  });
  response.end(content);
}

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path = '', query] = (request.url ?? '').split('?', 2);
  const [, api, resource, id, action] = path.split('/');
  const body = async () => JSON.parse(await text(request)) as Record<string, unknown>;
  if (api !== 'api' || resource !== 'tasks') {
    send(response, 404, { message: 'Not found' });
  } else if (id === undefined && request.method === 'POST') {
    const { title, description = null, completed = false } = await body();
    const [task] = await run('create', [randomUUIDv7(), title, description, completed]);
    send(response, 201, task);
  } else if (id === undefined) {
    send(response, 200, await list(new URLSearchParams(query)));
  } else {
    const [task] =
      action === 'complete'
        ? await run('complete', [id, (await body())['completed']])
        : await run('get', [id]);
    send(response, task ? 200 : 404, task ?? { message: 'Not found' });
  }
}

createServer((request, response) => {
  respond(request, response).catch(() => {
    send(response, 500, { message: 'Internal server error' });
  });
}).listen(Number(PORT), '127.0.0.1');

process.once('SIGTERM', () => process.exit());
