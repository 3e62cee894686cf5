import type { JWTPayload } from 'jose';
import { tokenOf } from '../../support/tokens.ts';

/** Better Auth's token endpoint, called by `fetch`. */
export interface AuthEndpoint {
  readonly fetch: typeof fetch;
  /** The requested URLs. */
  readonly requests: string[];
  /** The responses to the next requests, in this order, instead of a token of the signed-in user. */
  readonly responses: (Response | Error | Promise<Response>)[];
  /** The signed-in user; undefined without a session. */
  user: string | undefined;
  /** Claims to add to the tokens. */
  claims: JWTPayload;
}

/** Creates the endpoint for a browser in which a user is signed in. Its tokens are valid and unique. */
export function authEndpoint(user: string): AuthEndpoint {
  const endpoint: AuthEndpoint = {
    user,
    claims: {},
    requests: [],
    responses: [],
    async fetch(input) {
      endpoint.requests.push(input instanceof Request ? input.url : String(input));
      const response = endpoint.responses.shift();
      if (response instanceof Error) throw response;
      if (response) return response;
      if (endpoint.user === undefined) return Response.json({}, { status: 401 });
      const claims = { jti: String(endpoint.requests.length), ...endpoint.claims };
      return Response.json({ token: await tokenOf(endpoint.user, claims) });
    },
  };
  return endpoint;
}
