import { decodeProtectedHeader } from 'jose';
import { describe, expect, test } from 'vitest';
import { startTestApplication } from '../../support/application.ts';
import { chromiumPath } from '../../support/browser.ts';
import { newPerson } from './support/person.ts';
import { useStage } from './support/stage.ts';
import { walkThrough } from './support/walk-through.ts';

describe.runIf(chromiumPath !== undefined)('by configuration only', () => {
  const withHs256 = useStage(() => startTestApplication({ tokens: 'HS256' }));

  const stages = [
    // The default.
    { algorithm: 'EdDSA', stage: useStage() },
    { algorithm: 'HS256', stage: withHs256 },
  ];

  test.each(stages)('the service accepts $algorithm tokens', async ({ algorithm, stage }) => {
    const person = await newPerson(stage.app);
    const { alg } = decodeProtectedHeader(await person.token());
    expect(alg).toBe(algorithm);
    const { id, email } = await person.tasks.getCurrentUser();
    expect({ id, email }).toEqual({ id: person.id, email: person.email });
  });

  test.each(stages)(
    'with $algorithm tokens, users sign up, add tasks, sign out and sign in',
    async ({ stage }) => {
      await walkThrough(await stage.visitor());
    },
  );
});
