import { signDevelopmentToken } from '../auth/development.ts';
import type { Config } from '../config.ts';

/** What a newcomer reads after the start: the addresses, a token, and lines to paste. */
export async function greeting(
  config: Config,
  port: number,
  secret: string | undefined,
): Promise<string> {
  const local = ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(config.host);
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const base = `http://${local ? 'localhost' : host}:${port}`;
  const addresses = `
The Tasks API is ready.

  Tasks      ${base}/api/tasks
  Health     ${base}/readyz
  Docs       ${base}/docs
  Contract   ${base}/openapi.yaml
`;
  if (secret === undefined) {
    return `${addresses}
Tokens come from ${config.auth.jwksUrl ? new URL(config.auth.jwksUrl).origin : 'Better Auth'}. Stop with Ctrl-C.

`;
  }
  const token = await signDevelopmentToken(config, secret, 'demo');
  return `${addresses}
Paste these lines into another terminal: they create a task, list, complete and delete it.
The token is the user demo's, for 24 hours. For another user: make token user=alice

  API=${base}/api/tasks
  TOKEN=${token}
  TASK=$(curl -sS $API -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"title": "Buy milk"}'); echo "$TASK"
  ID=$(echo "$TASK" | sed 's/.*"id":"\\([^"]*\\).*/\\1/')
  curl -sS -w '\\n' $API -H "Authorization: Bearer $TOKEN"
  curl -sS -w '\\n' $API/$ID/complete -H "Authorization: Bearer $TOKEN" -X PATCH
  curl -sS -w '%{http_code}\\n' $API/$ID -H "Authorization: Bearer $TOKEN" -X DELETE

Stop with Ctrl-C.

`;
}
