import { signDevelopmentToken } from '../auth/development.ts';
import type { Config } from '../config.ts';

/** In the npm package, which contains JavaScript, there is no Makefile. */
const NEW_TOKEN = import.meta.filename.endsWith('.ts')
  ? 'make token user=alice'
  : 'tasks-api token alice';

/**
 * The console output after the start, in development: the URLs, a token, and commands to try.
 *
 * @param secret signs the token; undefined when tokens come from Better Auth only
 */
export async function greeting(
  config: Config,
  port: number,
  secret: string | undefined,
): Promise<string> {
  const local = ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(config.host);
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const base = `http://${local ? 'localhost' : host}:${port}`;
  const urls = `
The Tasks API is ready.

  Tasks           ${base}/api/tasks
  Health check    ${base}/readyz
  API reference   ${base}/docs
  OpenAPI         ${base}/openapi.yaml
`;
  if (secret === undefined) {
    return `${urls}
Get a token from ${config.auth.jwksUrl ? new URL(config.auth.jwksUrl).origin : 'Better Auth'}. Stop with Ctrl-C.

`;
  }
  const token = await signDevelopmentToken(config, secret, 'demo');
  return `${urls}
Paste these lines into another terminal to create, list, complete and delete a task.
The token is for the user "demo" and expires in 24 hours. For another user, run: ${NEW_TOKEN}

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
