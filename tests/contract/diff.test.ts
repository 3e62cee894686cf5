import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { loadContract } from '../../src/contract.ts';
import {
  all,
  append,
  contractWith,
  copiesDirectory,
  type Edit,
  move,
  remove,
  runTool,
  set,
} from '../support/contract-copy.ts';

const schemas = 'components.schemas';
const parameters = 'components.parameters';
const bodies = 'components.requestBodies';
const headers = 'components.headers';
const responses = 'components.responses';
const tasks = 'paths./api/tasks';
const task = 'paths./api/tasks/{id}';
const me = 'paths./api/me.get';
const json = 'content.application/json';
const text = { type: 'string', maxLength: 10 };
const header = { name: 'X-New', in: 'header', description: 'New.', schema: text };

const breaking: Record<string, Edit> = {
  'a path is gone': remove('paths./api/me'),
  'a path is renamed': move('paths./api/me', 'paths./api/self'),
  'an operation is gone': remove(`${task}.delete`),
  'an operation has another id': set(`${me}.operationId`, 'whoAmI'),
  'a parameter is gone': remove(`${tasks}.get.parameters.4`),
  'a parameter is renamed': set(`${parameters}.Limit.name`, 'size'),
  'a parameter moves to another place': set(`${parameters}.Cursor.in`, 'header'),
  'a parameter becomes required': set(`${parameters}.IdempotencyKey.required`, true),
  'a required header comes': append(`${tasks}.get.parameters`, { ...header, required: true }),
  'a default changes': set(`${parameters}.Limit.schema.default`, 10),
  'a default is gone': remove(`${parameters}.Status.schema.default`),
  'a body becomes required': set(`${bodies}.TaskCompletion.required`, true),
  'a body is gone': remove('paths./api/tasks/{id}/complete.patch.requestBody'),
  'a media type of a body is gone': remove(`${bodies}.TaskPatch.${json}`),
  'a media type of a reply is another': move(
    `${responses}.Healthy.${json}`,
    `${responses}.Healthy.content.text/plain`,
  ),
  'a request needs one more field': all(
    set(`${schemas}.TaskCreate.properties.due`, text),
    append(`${schemas}.TaskCreate.required`, 'due'),
  ),
  'a request needs a field that it could leave out': append(
    `${schemas}.TaskCreate.required`,
    'description',
  ),
  'a field of a request is gone': remove(`${schemas}.TaskCreate.properties.completed`),
  'a request takes fewer values': remove(`${parameters}.Status.schema.enum.2`),
  'a request takes shorter texts': set(`${schemas}.Title.maxLength`, 100),
  'a request takes smaller numbers': set(`${parameters}.Limit.schema.maximum`, 50),
  'a request takes no null': set(`${schemas}.Description.type`, 'string'),
  'a request takes another pattern': set(`${schemas}.Title.pattern`, '^[a-z]+$'),
  'a request takes another format': set(`${parameters}.Cursor.schema.format`, 'uuid'),
  'a status is gone': remove(`${task}.get.responses.304`),
  'a status of an error is gone': remove(`${task}.get.responses.404`),
  'a success has another status': move(
    `${tasks}.post.responses.201`,
    `${tasks}.post.responses.200`,
  ),
  'a field of a reply is gone': all(
    remove(`${schemas}.User.properties.name`),
    remove(`${schemas}.User.required.2`),
  ),
  'a reply may leave a field out': remove(`${schemas}.User.required.2`),
  'a reply has another type': set(`${schemas}.Task.properties.completed.type`, 'string'),
  'a reply may have null': set(`${schemas}.Task.properties.completed.type`, ['boolean', 'null']),
  'a reply has another constant': set(`${schemas}.Health.properties.status.const`, 'fine'),
  'a reply has longer texts': set(`${schemas}.Problem.properties.detail.maxLength`, 2000),
  'a reply has longer lists': set(`${schemas}.TaskPage.properties.items.maxItems`, 1000),
  'a reply has another format': set(`${schemas}.Task.properties.created_at.format`, 'date'),
  'a reply has other elements': set(`${schemas}.TaskPage.properties.items.items`, {
    $ref: '#/components/schemas/User',
  }),
  'a header of a reply is gone': remove(`${responses}.Task.headers.ETag`),
  'a header of a reply becomes optional': set(`${headers}.ETag.required`, false),
  'a token becomes necessary': remove('paths./livez.get.security'),
  'another kind of token is necessary': set('components.securitySchemes.bearerAuth.scheme', 'dpop'),
  'two tokens are necessary': all(
    set('components.securitySchemes.key', { type: 'apiKey', in: 'header', name: 'X-Key' }),
    set('security', [{ bearerAuth: [], key: [] }]),
  ),
};

const features: Record<string, Edit> = {
  'an operation comes': set('paths./api/you.get', {
    operationId: 'getYou',
    responses: { 204: { $ref: '#/components/responses/Deleted' } },
  }),
  'an optional header comes': append(`${tasks}.get.parameters`, header),
  'a request may have one more field': set(`${schemas}.TaskCreate.properties.due`, text),
  'a request takes more values': append(`${parameters}.Status.schema.enum`, 'late'),
  'a reply has one more code': append(`${schemas}.Problem.properties.code.enum`, 'new-code'),
  'a request takes longer texts': set(`${parameters}.IdempotencyKey.schema.maxLength`, 300),
  'a request may leave a field out': set(`${schemas}.TaskCreate.required`, []),
  'a body becomes optional': set(`${bodies}.TaskCreate.required`, false),
  'a reply has one more field': set(`${schemas}.Task.properties.due`, text),
  'a reply has one more header': set(`${responses}.Task.headers.X-New`, { schema: text }),
  'an error comes': set(`${tasks}.post.responses.409`, {
    $ref: '#/components/responses/NotFound',
  }),
  'an operation is deprecated': set(`${me}.deprecated`, true),
  'a field is deprecated': set(`${schemas}.Task.properties.completed.deprecated`, true),
};

const patches: Record<string, Edit> = {
  'the description is another': set('info.description', 'Short.'),
  'an operation has another description': set(`${me}.description`, 'You.'),
  'a field has another description': set(`${schemas}.Title.description`, 'The title.'),
  'an example has another value': set(`${parameters}.Sort.example`, 'created'),
  'an example comes': set(`${bodies}.TaskCreate.${json}.examples.more`, { value: { title: 'x' } }),
  'an operation has another tag': set(`${me}.tags`, ['Health']),
  'a reply has fewer values': remove(`${schemas}.Problem.properties.code.enum.14`),
};

const copies = await copiesDirectory();
afterAll(() => copies[Symbol.asyncDispose]());
const base = await copies.write(
  'base.json',
  contractWith(() => undefined),
);
let count = 0;

/** Compares the contract with a changed copy of it. */
async function diff(edit: Edit, ...options: string[]) {
  count += 1;
  const revision = await copies.write(`${count}.json`, contractWith(edit));
  return compare(base, revision, ...options);
}

function compare(before: string, after: string, ...options: string[]) {
  const config = ['--config', 'openapi/redocly/diff.yaml'];
  return runTool('redocly', ['diff', before, after, ...config, ...options]);
}

describe.each(
  Object.entries({ major: breaking, minor: features, patch: patches }).map(
    ([impact, edits]) => [impact, Object.entries(edits)] as const,
  ),
)('a %s change:', (impact, edits) => {
  test.concurrent.each(edits)('%s', async (_name, edit) => {
    const { stdout } = await diff(edit, '--format', 'json');
    expect((JSON.parse(stdout) as { bump?: string }).bump, stdout).toBe(impact);
  });
});

test('names the changed component, which Redocly lists under one operation only', async () => {
  const { stdout } = await diff(set(`${schemas}.Title.maxLength`, 100));
  expect(stdout).toContain(
    '`#/components/schemas/Title/maxLength` changed in all requests that use it.',
  );
});

describe('the version', () => {
  const [major = 0, minor = 0, patch = 0] = loadContract().info.version.split('.').map(Number);
  const versions = {
    same: `${major}.${minor}.${patch}`,
    patch: `${major}.${minor}.${patch + 1}`,
    minor: `${major}.${minor + 1}.0`,
    major: `${major + 1}.0.0`,
  };
  const edits = {
    major: remove('paths./api/me'),
    minor: set(`${schemas}.Task.properties.due`, text),
    patch: set(`${me}.description`, 'You.'),
  };

  test.concurrent.each([
    ['major', 'same', false],
    ['major', 'patch', false],
    ['major', 'minor', false],
    ['major', 'major', true],
    ['minor', 'patch', false],
    ['minor', 'minor', true],
    ['patch', 'same', false],
    ['patch', 'patch', true],
  ] as const)('for a %s change may be the %s one: %s', async (impact, version, allowed) => {
    const edit = all(edits[impact], set('info.version', versions[version]));
    const { code } = await diff(edit, '--check-version', '--fail-on', 'none');
    expect(code === 0).toBe(allowed);
  });

  test('matches the changes since the last release', async () => {
    const options = ['--check-version', '--fail-on', 'none'];
    const { code, stdout, stderr } = await compare(
      'openapi/released.yaml',
      'openapi/tasks.yaml',
      ...options,
    );
    expect(code, stdout + stderr).toBe(0);
  });

  test('has a heading in the changelog', () => {
    const headings = [
      ...readFileSync('CHANGELOG.md', 'utf8').matchAll(/^## \[([\d.]+)\] - \S+$/gm),
    ];
    expect(headings.map(([, version]) => version)[0]).toBe(versions.same);
  });
});
