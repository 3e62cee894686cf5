import { describe, expect, test } from 'vitest';
import { startTestApplication } from '../../support/application.ts';
import { chromiumPath } from '../../support/browser.ts';
import { callAuth, newPerson } from './support/person.ts';
import { signIn } from './support/sign-in.ts';
import { useStage } from './support/stage.ts';

const LIMIT = 3;

describe.runIf(chromiumPath !== undefined)('in Chromium', () => {
  const stage = useStage(() =>
    startTestApplication({ environment: { AUTH_RATE_LIMIT: String(LIMIT) } }),
  );

  test('guessing passwords is rate limited, also for the correct password', async () => {
    const person = await newPerson(stage.app);
    const { page, complaints, open, look } = await stage.visitor();
    complaints.expect(
      /^401 POST \/api\/auth\/sign-in\/email$/,
      /^429 POST \/api\/auth\/sign-in\/email$/,
    );
    const guess = { email: person.email, password: 'not the password' };
    for (let attempt = 1; attempt < LIMIT; attempt += 1) {
      // Client addresses in headers are ignored.
      const headers = {
        'X-Forwarded-For': `10.0.0.${attempt}`,
        'X-Client-Address': `10.0.0.${attempt}`,
      };
      expect((await callAuth(stage.app, '/sign-in/email', { body: guess, headers })).status).toBe(
        401,
      );
    }
    await open('/sign-in');
    await signIn(page, guess);
    await page.getByText('Incorrect email or password').waitFor();
    await signIn(page, person);
    await page.getByText('Too many attempts').waitFor();
    await look('08-too-many-attempt');
  });
});
