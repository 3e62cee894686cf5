import type { JWTPayload } from 'jose';
import { tokenOf } from '../../support/tokens.ts';

/** What Better Auth answers at its address of tokens, as the browser's `fetch` sees it. */
export interface AuthEndpoint {
  readonly fetch: typeof fetch;
  /** The addresses that were asked for. */
  readonly asked: string[];
  /** What the next requests get, in turn, instead of a token of the user who is signed in. */
  readonly answers: (Response | Error | Promise<Response>)[];
  /** Who is signed in; undefined for nobody. */
  user: string | undefined;
  /** What is other in its tokens. */
  claims: JWTPayload;
}

/** Stands for a browser in which somebody is signed in. Its tokens are real, and no two are the same. */
export function authEndpoint(user: string): AuthEndpoint {
  const endpoint: AuthEndpoint = {
    user,
    claims: {},
    asked: [],
    answers: [],
    async fetch(input) {
      endpoint.asked.push(input instanceof Request ? input.url : String(input));
      const answer = endpoint.answers.shift();
      if (answer instanceof Error) throw answer;
      if (answer) return answer;
      if (endpoint.user === undefined) return Response.json({}, { status: 401 });
      const claims = { jti: String(endpoint.asked.length), ...endpoint.claims };
      return Response.json({ token: await tokenOf(endpoint.user, claims) });
    },
  };
  return endpoint;
}
