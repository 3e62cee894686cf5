import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authenticator } from '../auth/authenticator.ts';
import { clientNetwork } from '../net/client-network.ts';

/** Handles a request of a client, which `clientOf` identifies. */
export type ClientListener = (
  request: IncomingMessage,
  response: ServerResponse,
  client: string,
) => void;

/**
 * Returns a function that identifies clients before authentication: by their user if the token was verified before, otherwise by the
 * IP address of the connection. Several tokens, valid or not, therefore do not make several clients.
 */
export function clientOf({ userOf }: Pick<Authenticator, 'userOf'>) {
  return ({ headers, socket }: IncomingMessage): string =>
    userOf(headers.authorization) ?? clientNetwork(socket.remoteAddress);
}
