import { signDevelopmentToken } from './auth/development.ts';
import type { Config } from './config.ts';

/** What a newcomer reads after the start: the addresses, a token, and lines to paste. */
export async function greeting(
  config: Config,
  port: number,
  secret: string | undefined,
): Promise<string> {
  const local = ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(config.host);
  const base = `http://${local ? 'localhost' : config.host}:${port}`;
  const addresses = `
The Tasks API is ready.

  Tasks      ${base}/api/tasks
  Health     ${base}/readyz
  Contract   openapi/tasks.yaml
`;
  if (secret === undefined) {
    return `${addresses}
Tokens come from ${config.auth.jwksUrl ? new URL(config.auth.jwksUrl).origin : 'Better Auth'}. Stop with Ctrl-C.

`;
  }
  const token = await signDevelopmentToken(config, secret, 'demo');
  return `${addresses}
Paste these into another terminal. The token is the user demo's, for 24 hours; for others: make token user=alice

  API=${base}/api/tasks
  TOKEN=${token}

  # create a task and remember its id
  ID=$(curl -sS $API -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"title": "Buy milk"}' | tee /dev/stderr | sed 's/.*"id":"\\([^"]*\\)".*/\\1/')
  # list, complete and delete
  curl -sS $API -H "Authorization: Bearer $TOKEN"
  curl -sS -X PATCH $API/$ID/complete -H "Authorization: Bearer $TOKEN"
  curl -sS -X DELETE $API/$ID -H "Authorization: Bearer $TOKEN" -w '%{http_code}\\n'

Stop with Ctrl-C.

`;
}
