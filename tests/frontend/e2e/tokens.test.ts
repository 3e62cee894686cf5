import { decodeProtectedHeader } from 'jose';
import { describe, expect, test } from 'vitest';
import { startTestApplication } from '../../support/application.ts';
import { chromiumPath } from '../../support/browser.ts';
import { newPerson } from './support/person.ts';
import { useStage } from './support/stage.ts';
import { walkThrough } from './support/walk-through.ts';

describe.runIf(chromiumPath !== undefined).each(['EdDSA', 'HS256'] as const)(
  'with %s tokens, by configuration only',
  (tokens) => {
    // EdDSA is the default.
    const stage =
      tokens === 'EdDSA' ? useStage() : useStage(() => startTestApplication({ tokens }));

    test('users sign up, add tasks, sign out and sign in', async () => {
      await walkThrough(await stage.visitor());
    });

    test('the service accepts these tokens', async () => {
      const person = await newPerson(stage.app);
      const { alg } = decodeProtectedHeader(await person.token());
      expect(alg).toBe(tokens);
      const { id, email } = await person.tasks.getCurrentUser();
      expect({ id, email }).toEqual({ id: person.id, email: person.email });
    });
  },
);
