import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadContract } from '../../src/contract.ts';
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

const schemas = 'components.schemas';
const parameters = 'components.parameters';
const bodies = 'components.requestBodies';
const me = 'paths./api/me.get';
const json = 'content.application/json';
const text = { type: 'string', maxLength: 10 };

interface Case {
  /** The rule of diff.yaml that rates the change; undefined for a built-in rule. */
  readonly rule: string | undefined;
  readonly impact: 'major' | 'minor' | 'patch';
  readonly how: string;
  /** Where the change is reported: the end of a JSON pointer, without the index in a list. */
  readonly at: string;
  readonly edit: Edit;
}

/** Independent changes, so that one comparison rates all of them. */
const cases: Case[] = [
  {
    rule: 'tasks/authentication-required',
    impact: 'major',
    how: 'an operation requires a token',
    at: '/paths/~1livez/get/security',
    edit: remove('paths./livez.get.security'),
  },
  {
    rule: 'tasks/default-changed',
    impact: 'major',
    how: 'a default changes',
    at: '/parameters/Limit/schema/default',
    edit: set(`${parameters}.Limit.schema.default`, 10),
  },
  {
    rule: 'tasks/default-changed',
    impact: 'major',
    how: 'a default is removed',
    at: '/parameters/Sort/schema/default',
    edit: remove(`${parameters}.Sort.schema.default`),
  },
  {
    rule: 'tasks/response-header-optional',
    impact: 'major',
    how: 'a response header becomes optional',
    at: '/headers/ETag/required',
    edit: set('components.headers.ETag.required', false),
  },
  {
    rule: 'tasks/request-changed',
    impact: 'minor',
    how: 'a request accepts one more value',
    at: '/parameters/Status/schema/enum',
    edit: append(`${parameters}.Status.schema.enum`, 'late'),
  },
  {
    rule: 'enum-values-added',
    impact: 'minor',
    how: 'a response has one more code',
    at: '/schemas/Problem/properties/code/enum',
    edit: append(`${schemas}.Problem.properties.code.enum`, 'new-code'),
  },
  {
    rule: 'tasks/request-changed',
    impact: 'minor',
    how: 'a request accepts longer strings',
    at: '/parameters/IdempotencyKey/schema/maxLength',
    edit: set(`${parameters}.IdempotencyKey.schema.maxLength`, 300),
  },
  {
    rule: 'tasks/request-changed',
    impact: 'minor',
    how: 'a field of a request becomes optional',
    at: '/schemas/TaskCreate/required',
    edit: set(`${schemas}.TaskCreate.required`, []),
  },
  {
    rule: 'tasks/request-changed',
    impact: 'minor',
    how: 'a request body becomes optional',
    at: '/requestBodies/TaskCreate/required',
    edit: set(`${bodies}.TaskCreate.required`, false),
  },
  {
    rule: 'tasks/deprecated',
    impact: 'minor',
    how: 'an operation is deprecated',
    at: '/paths/~1api~1me/get/deprecated',
    edit: set(`${me}.deprecated`, true),
  },
  {
    rule: 'tasks/deprecated',
    impact: 'minor',
    how: 'a field is deprecated',
    at: '/schemas/Task/properties/completed/deprecated',
    edit: set(`${schemas}.Task.properties.completed.deprecated`, true),
  },
  {
    rule: 'tasks/documentation-changed',
    impact: 'patch',
    how: 'an example is added',
    at: '/requestBodies/TaskCreate/content/application~1json/examples/more',
    edit: set(`${bodies}.TaskCreate.${json}.examples.more`, { value: { title: 'x' } }),
  },
  {
    rule: undefined,
    impact: 'patch',
    how: 'an operation has another description',
    at: '/paths/~1api~1me/get/description',
    edit: set(`${me}.description`, 'You.'),
  },
  {
    rule: undefined,
    impact: 'patch',
    how: 'a field of a request has another description',
    at: '/schemas/Title/description',
    edit: set(`${schemas}.Title.description`, 'The title.'),
  },
  {
    rule: undefined,
    impact: 'patch',
    how: 'an example has another value',
    at: '/parameters/Limit/example',
    edit: set(`${parameters}.Limit.example`, 2),
  },
];

interface Verdict {
  readonly ruleId: string;
  readonly message: string;
}
interface Change {
  readonly impact: string;
  readonly verdicts: readonly Verdict[];
  readonly base?: { readonly pointer: string };
  readonly revision?: { readonly pointer: string };
}

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

describe('the rules of diff.yaml', () => {
  let changes: readonly Change[];
  beforeAll(async () => {
    const { stdout } = await diff(all(...cases.map(({ edit }) => edit)), '--format', 'json');
    ({ changes } = JSON.parse(stdout) as { changes: Change[] });
  });
  const changesAt = (at: string) =>
    changes.filter(({ base: before, revision }) =>
      [before, revision].some((place) => place?.pointer.replace(/\/\d+$/, '').endsWith(at)),
    );

  test.each(cases)('$impact: $how', ({ rule, impact, at }) => {
    const found = changesAt(at);
    expect(found.map((change) => change.impact)).toContain(impact);
    const rules = found.flatMap(({ verdicts }) => verdicts.map(({ ruleId }) => ruleId));
    if (rule === undefined) expect(rules).toEqual([]);
    else expect(rules).toContain(rule);
  });

  test('a change of a shared component is reported with the name of the component', () => {
    const [change] = changesAt('/parameters/IdempotencyKey/schema/maxLength');
    expect(change?.verdicts.map(({ message }) => message)).toContain(
      '`#/components/parameters/IdempotencyKey/schema/maxLength` changed in all requests that use it.',
    );
  });
});

describe('the version', () => {
  const [major = 0, minor = 0, patch = 0] = loadContract().info.version.split('.').map(Number);
  const versions = {
    same: `${major}.${minor}.${patch}`,
    patch: `${major}.${minor}.${patch + 1}`,
    minor: `${major}.${minor + 1}.0`,
  };
  const edits = {
    minor: set(`${schemas}.Task.properties.due`, text),
    patch: set(`${me}.description`, 'You.'),
  };

  // A major change is tested with the command, in contract-diff.test.ts.
  test.concurrent.each([
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
