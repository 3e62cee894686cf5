import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authenticator } from '../auth/authenticator.ts';
import { clientNetwork } from '../net/client-network.ts';

/** Handles a request, of whose client is known what `clientOf` returns. */
export type ClientListener = (
  request: IncomingMessage,
  response: ServerResponse,
  client: string,
) => void;

/**
 * Returns a function that tells clients apart before authentication: by their user if their token was verified before, and else by
 * the IP address of their connection. So nobody becomes several clients with several tokens, valid or not.
 */
export function clientOf({ userOf }: Pick<Authenticator, 'userOf'>) {
  return ({ headers, socket }: IncomingMessage): string =>
    userOf(headers.authorization) ?? clientNetwork(socket.remoteAddress);
}
