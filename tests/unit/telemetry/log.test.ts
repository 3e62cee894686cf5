import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { logOptions } from '../../../src/telemetry/log.ts';

const LOG = JSON.stringify(resolve('src/telemetry/log.ts'));

/** Runs a script with `log`, the logger of the service, and returns the messages that it has written. */
function messagesOf(script: string): string[] {
  const source = `import { createLogger } from ${LOG}; const log = createLogger('info'); ${script}`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', source], {
    encoding: 'utf8',
  });
  const lines = stdout.trimEnd().split('\n');
  return lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
}

const MANY = Array.from({ length: 1000 }, (_, index) => `${index} ${'x'.repeat(index % 200)}`);
const LOG_MANY = "for (let i = 0; i < 1000; i++) log.info(`${i} ${'x'.repeat(i % 200)}`);";

test('the lines of a turn are written in their order', () => {
  expect(messagesOf(LOG_MANY)).toEqual(MANY);
});

test.each([
  ['exits', 'process.exit(1)'],
  ['crashes', "throw new Error('x')"],
  ['crashes later', "setTimeout(() => { log.info('later'); null.x; })"],
])('no line is lost when the process %s', (_how, end) => {
  const messages = messagesOf(`${LOG_MANY} ${end}`);
  expect(messages).toEqual(end.includes('later') ? [...MANY, 'later'] : MANY);
});

test('the lines of the turns before a kill are written', () => {
  // Not with `setTimeout`: on a slow machine, it could be due before the lines are written.
  const kill = "setImmediate(() => setImmediate(() => process.kill(process.pid, 'SIGKILL')))";
  expect(messagesOf(`${LOG_MANY} ${kill}`)).toEqual(MANY);
});

test('a flush writes the lines before other output', () => {
  const write = `log.flush(); process.stdout.write('{"msg":"other"}\\n');`;
  expect(messagesOf(`log.info('first'); ${write}`)).toEqual(['first', 'other']);
});

test('an error is logged with its code and causes, without its other properties', () => {
  const output = new PassThrough();
  const cause = Object.assign(new TypeError('inner', { cause: 'text' }), { code: 'E1', secret: 1 });
  const err = new Error('outer', { cause });
  pino(logOptions('info'), output).error({ err }, 'failed');
  const logged = JSON.parse(String(output.read())) as { err: unknown };
  expect(logged.err).toEqual({
    type: 'Error',
    message: 'outer',
    stack: err.stack,
    cause: { type: 'TypeError', message: 'inner', stack: cause.stack, code: 'E1' },
  });
});
