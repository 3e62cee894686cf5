/**
 * The API with Fastify doing the same job as this service: security headers, CORS, request ids, a log line per request, rate
 * limit, strict validation of requests and responses, cached verified tokens.
 */

import { randomUUID } from 'node:crypto';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import jwt from '@fastify/jwt';
import rateLimit from '@fastify/rate-limit';
import responseValidation from '@fastify/response-validation';
import formats from 'ajv-formats';
import fastify, { LogController } from 'fastify';
import pg from 'pg';
import { randomUUIDv7 } from 'node:crypto';

const { DATABASE_URL: connectionString, PORT, SECRET: secret = '' } = process.env;

declare module '@fastify/jwt' {
  interface FastifyJWT {
    payload: { sub: string };
    user: { sub: string };
  }
}

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
  return (await pool.query<Task>({ name, text: statements[name], values })).rows;
}

const title = { type: 'string', minLength: 1, maxLength: 200, pattern: '[^\\s\\u0085]' };
const description = { type: ['string', 'null'], maxLength: 1000 };
const task = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'user_id', 'title', 'description', 'completed', 'created_at', 'updated_at'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    user_id: { type: 'string', minLength: 1, maxLength: 255 },
    title,
    description,
    completed: { type: 'boolean' },
    created_at: { type: 'string', format: 'date-time' },
    updated_at: { type: 'string', format: 'date-time' },
  },
};
const params = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'string', format: 'uuid' } },
};
const notFound = {
  type: 'object',
  additionalProperties: false,
  required: ['message'],
  properties: { message: { type: 'string' } },
};

const app = fastify({
  logger: true,
  logController: new LogController({ disableRequestLogging: true }),
  requestIdHeader: 'x-request-id',
  genReqId: () => randomUUID(),
  ajv: { customOptions: { removeAdditional: false } },
});
app.addHook('onRequest', (request, reply, done) => {
  reply.header('X-Request-Id', request.id);
  done();
});
app.addHook('onResponse', (request, reply, done) => {
  request.log.info(
    {
      method: request.method,
      route: request.routeOptions.url,
      status: reply.statusCode,
      duration_ms: reply.elapsedTime,
      user_id: (request.user as typeof request.user | undefined)?.sub,
    },
    'request',
  );
  done();
});
await app.register(helmet, {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  xFrameOptions: { action: 'deny' },
});
await app.register(cors, { origin: ['http://localhost:3000'], maxAge: 600 });
await app.register(rateLimit, { max: Number.MAX_SAFE_INTEGER, timeWindow: '1 minute' });
await app.register(jwt, { secret, verify: { algorithms: ['HS256'], cache: true } });
await app.register(responseValidation, {
  ajv: { removeAdditional: false, plugins: [formats.default] },
});
app.addHook('onRequest', (request) => request.jwtVerify());

app.get<{ Querystring: { limit: number; cursor?: string } }>(
  '/api/tasks',
  {
    schema: {
      querystring: {
        type: 'object',
        additionalProperties: false,
        properties: {
          limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
          cursor: { type: 'string', maxLength: 2000, pattern: '^[A-Za-z0-9_-]+$' },
        },
      },
      response: {
        200: {
          type: 'object',
          additionalProperties: false,
          required: ['items', 'next_cursor'],
          properties: {
            items: { type: 'array', items: task, maxItems: 100 },
            next_cursor: { type: ['string', 'null'] },
          },
        },
      },
    },
  },
  async (request) => {
    const { limit, cursor } = request.query;
    const rows =
      cursor === undefined
        ? await run('first', [request.user.sub, limit + 1])
        : await run('after', [
            request.user.sub,
            limit + 1,
            ...Buffer.from(cursor, 'base64url').toString().split(' '),
          ]);
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    const next =
      last && rows.length > limit
        ? Buffer.from(`${last.created_at} ${last.id}`).toString('base64url')
        : null;
    return { items, next_cursor: next };
  },
);

app.post<{ Body: { title: string; description: string | null; completed: boolean } }>(
  '/api/tasks',
  {
    schema: {
      body: {
        type: 'object',
        required: ['title'],
        additionalProperties: false,
        properties: {
          title,
          description: { ...description, default: null },
          completed: { type: 'boolean', default: false },
        },
      },
      response: { 201: task },
    },
  },
  async (request, reply) => {
    const { title, description, completed } = request.body;
    const [created] = await run('create', [
      request.user.sub,
      randomUUIDv7(),
      title,
      description,
      completed,
    ]);
    return reply.code(201).send(created);
  },
);

app.get<{ Params: { id: string } }>(
  '/api/tasks/:id',
  { schema: { params, response: { 200: task, 404: notFound } } },
  async (request, reply) => {
    const [found] = await run('get', [request.user.sub, request.params.id]);
    return found ?? reply.code(404).send({ message: 'Not found' });
  },
);

app.patch<{ Params: { id: string }; Body: { completed: boolean } }>(
  '/api/tasks/:id/complete',
  {
    schema: {
      params,
      body: {
        type: 'object',
        required: ['completed'],
        additionalProperties: false,
        properties: { completed: { type: 'boolean' } },
      },
      response: { 200: task, 404: notFound },
    },
  },
  async (request, reply) => {
    const [changed] = await run('complete', [
      request.user.sub,
      request.params.id,
      request.body.completed,
    ]);
    return changed ?? reply.code(404).send({ message: 'Not found' });
  },
);

await app.listen({ port: Number(PORT), host: '127.0.0.1' });
process.once('SIGTERM', () => process.exit());
