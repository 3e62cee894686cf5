import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { clientOf } from '../../../src/server/client-identity.ts';
import { makeAuthenticator } from '../../support/auth.ts';
import { forgedTokenOf, SECRET, tokenOf } from '../../support/tokens.ts';

test('a client is the user of a token that was verified before, however it is sent, and else an address', async () => {
  const { authenticate, userOf } = makeAuthenticator({ secret: SECRET });
  const client = clientOf({ userOf });
  const of = (authorization?: string) => {
    const socket = new Socket();
    Object.defineProperty(socket, 'remoteAddress', { value: '::ffff:192.0.2.7' });
    return client(Object.assign(new IncomingMessage(socket), { headers: { authorization } }));
  };
  const tokens = [await tokenOf('alice'), await tokenOf('alice', { jti: 'second' })] as const;
  expect(tokens.map((token) => of(`Bearer ${token}`))).toEqual(['192.0.2.7', '192.0.2.7']);
  for (const token of tokens) await authenticate(`Bearer ${token}`);
  expect(of(`Bearer ${tokens[0]}`)).toBe('alice');
  expect(of(`bearer   ${tokens[1]}`)).toBe('alice');

  const forged = await forgedTokenOf('alice');
  await expect(authenticate(`Bearer ${forged}`)).rejects.toThrow();
  expect([of(`Bearer ${forged}`), of('Bearer 1'), of()]).toEqual(Array(3).fill('192.0.2.7'));
});
