import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  all,
  append,
  contractWith,
  copiesDirectory,
  type Edit,
  remove,
  runTool,
  set,
} from '../support/contract-copy.ts';

const CONTRACT = 'openapi/tasks.yaml';

type Break = [rule: string, how: string, edit: Edit];

const create = 'paths./api/tasks.post';
const livez = 'paths./livez.get';
const responses = 'components.responses';
const schemas = 'components.schemas';
const parameters = 'components.parameters';
const headers = 'components.headers';
const json = 'content.application/json';
const problem = 'content.application/problem+json';
const response = (name: string) => ({ $ref: `#/components/responses/${name}` });

/** Edits that each violate one rule: a rule of this project, or one of Redocly's that the settings define. */
const redoclyBreaks: Break[] = [
  ['rule/body-examples', 'a body', remove(`components.requestBodies.TaskCreate.${json}.examples`)],
  ['rule/body-examples', 'a response', remove(`${responses}.Healthy.${json}.examples`)],
  ['rule/body-examples', 'an empty list', set(`${responses}.Healthy.${json}.examples`, {})],
  ['rule/parameter-examples', 'a parameter', remove(`${parameters}.Cursor.example`)],
  ['rule/header-examples', 'a header', remove(`${headers}.ETag.example`)],

  ['rule/error-responses', 'no 400', remove(`${create}.responses.400`)],
  ['rule/error-responses', 'no 422', remove(`${livez}.responses.422`)],
  ['rule/error-responses', 'no 500', remove(`${create}.responses.500`)],
  ['rule/error-responses', 'no 503', remove(`${livez}.responses.503`)],
  ['rule/unauthenticated-response', 'no 401', remove(`${create}.responses.401`)],
  [
    'rule/error-media-type',
    'an error as plain JSON',
    set(`${responses}.NotFound.content`, { 'application/json': {} }),
  ],
  [
    'tasks/problem-examples',
    'a code without an example',
    remove(`${responses}.Unauthorized.${problem}.examples.token-expired`),
  ],
  [
    'tasks/problem-examples',
    'a code of some operations without an example',
    remove(`${responses}.InvalidCreate.${problem}.examples.idempotency-key-reused`),
  ],
  [
    'tasks/problem-examples',
    'the code of another status',
    set(`${responses}.NotFound.${problem}.examples.not-found.value.code`, 'internal-error'),
  ],
  [
    'tasks/problem-examples',
    'the code of other operations',
    set(`${livez}.responses.422`, response('InvalidCreate')),
  ],

  [
    'response-contains-header',
    'a 401 without WWW-Authenticate',
    remove(`${responses}.Unauthorized.headers.WWW-Authenticate`),
  ],
  [
    'response-contains-header',
    'a 503 without Retry-After',
    remove(`${responses}.Unavailable.headers.Retry-After`),
  ],
  [
    'response-contains-header',
    'a 405 without Allow',
    set(`${livez}.responses.405`, response('NotFound')),
  ],
  [
    'response-contains-header',
    'a 201 without X-Request-Id',
    remove(`${responses}.TaskCreated.headers.X-Request-Id`),
  ],
  [
    'response-contains-header',
    'a 304 without ETag',
    remove(`${responses}.NotModified.headers.ETag`),
  ],
  ['response-contains-header', 'a 404 without any', remove(`${responses}.NotFound.headers`)],

  ['tasks/bounded-values', 'a string', remove(`${schemas}.Title.maxLength`)],
  ['tasks/bounded-values', 'a string or null', remove(`${schemas}.Description.maxLength`)],
  ['tasks/bounded-values', 'a header', remove(`${headers}.ETag.schema.maxLength`)],
  ['tasks/bounded-values', 'a list', remove(`${schemas}.TaskPage.properties.items.maxItems`)],
  [
    'tasks/bounded-values',
    'a list in a list',
    set(`${schemas}.TaskPage.properties.items.items`, { type: 'array' }),
  ],
  [
    'tasks/bounded-values',
    'a list of anything',
    remove(`${schemas}.TaskPage.properties.items.items`),
  ],
  [
    'tasks/bounded-values',
    'a list with an empty schema',
    set(`${schemas}.TaskPage.properties.items.items`, {}),
  ],
  [
    'tasks/bounded-values',
    'anything in a request',
    set(`${schemas}.TaskCreate.properties.anything`, { description: 'Anything.' }),
  ],
  [
    'tasks/bounded-values',
    'anything in a response',
    set(`${schemas}.Task.properties.anything`, { pattern: '^a' }),
  ],
  [
    'tasks/bounded-values',
    'anything, as the schema true',
    set(`${schemas}.Task.properties.anything`, true),
  ],
  [
    'tasks/bounded-values',
    'a number without a minimum',
    remove(`${parameters}.Limit.schema.minimum`),
  ],
  [
    'tasks/bounded-values',
    'a number without a maximum',
    remove(`${parameters}.Limit.schema.maximum`),
  ],
  ['tasks/bounded-values', 'an object', remove(`${schemas}.User.additionalProperties`)],
  [
    'rule/no-unevaluated-properties',
    'an object',
    set(`${schemas}.User.unevaluatedProperties`, false),
  ],
];

/** The same for Spectral's OWASP rules: the one that the settings replace, and those with exceptions. */
const owaspBreaks: Break[] = [
  ['api2:2023-no-credentials-in-url', 'a token', set(`${parameters}.Status.name`, 'access_token')],
  ['api2:2023-read-restricted', 'anyone reads', set('paths./api/me.get.security', [])],
  ['api4:2023-string-restricted', 'any content', remove(`${schemas}.UserId.pattern`)],
  ['api8:2023-define-error-responses-401', 'no 401', remove(`${create}.responses.401`)],
  [
    'api8:2023-no-server-http',
    'a server without TLS',
    append('servers', { url: 'http://api.example.com' }),
  ],
];

const copies = await copiesDirectory();
afterAll(() => copies[Symbol.asyncDispose]());

describe('Redocly', () => {
  /** The rules that are violated: by the contract, and then by each broken copy. */
  let violations: string[][];

  beforeAll(async () => {
    const broken = await Promise.all(
      redoclyBreaks.map(([, , edit], index) => copies.write(`${index}.yaml`, contractWith(edit))),
    );
    const options = ['--config', 'redocly.yaml', '--format', 'json', '--max-problems', '10000'];
    const { stdout } = await runTool('redocly', ['lint', ...options, CONTRACT, ...broken]);
    // The output is one JSON report after the other, in the order of the files.
    violations = stdout
      .split(/(?<=^\})(?=\{)/m)
      .map((report) => JSON.parse(report) as { problems: { ruleId: string }[] })
      .map(({ problems }) => problems.map(({ ruleId }) => ruleId));
  });

  test('reports no violation in the contract', () => {
    expect(violations[0]).toEqual([]);
  });

  test.each(redoclyBreaks.map(([rule, how], index) => ({ rule, how, copy: index + 1 })))(
    '$rule reports $how',
    ({ rule, copy }) => {
      expect(violations[copy]).toContain(rule);
    },
  );
});

describe('Spectral', () => {
  /** The rules that the contract violates, and those that a copy with all edits violates. */
  let violations: { whole: string[]; broken: string[] };

  beforeAll(async () => {
    const edit = all(...owaspBreaks.map(([, , one]) => one));
    const broken = await copies.write('owasp.yaml', contractWith(edit));
    const options = ['--ruleset', '.spectral.yaml', '--format', 'json', '--quiet'];
    const { stdout } = await runTool('spectral', ['lint', ...options, CONTRACT, broken]);
    const found = JSON.parse(stdout) as { code: string; source: string }[];
    const codes = (of: typeof found) => of.map(({ code }) => code);
    violations = {
      whole: codes(found.filter(({ source }) => source !== broken)),
      broken: codes(found.filter(({ source }) => source === broken)),
    };
  });

  test('reports no violation in the contract', () => {
    expect(violations.whole).toEqual([]);
  });

  test.each(owaspBreaks)('owasp:%s reports %s', (rule) => {
    expect(violations.broken).toContain(`owasp:${rule}`);
  });
});
