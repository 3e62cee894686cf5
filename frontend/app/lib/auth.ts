import type { TasksClient } from '@tasks-api/client';
import { betterAuth } from 'better-auth';
import type { memoryAdapter } from 'better-auth/adapters/memory';
import { createAuthMiddleware } from 'better-auth/api';
import { auditRequest } from './auth/audit.ts';
import { checkRequest } from './auth/checks.ts';
import { CLIENT_ADDRESS_HEADER } from './auth/client-address.ts';
import type { AuthTables } from './auth/database.ts';
import { endTokens } from './auth/end-tokens.ts';
import { leaveService, leaveServiceAgain } from './auth/leave-service.ts';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from './auth/password-rules.ts';
import { clientOf } from './auth/service.ts';
import { tokenPlugin } from './auth/tokens.ts';
import type { Config } from './config.ts';
import { log } from './log.ts';
import { loopbackAliases } from '../../../src/settings/loopback.ts';

const DAY = 86_400;

export type Auth = ReturnType<typeof createAuth>;

/**
 * Creates Better Auth: accounts with email and password, sessions, and tokens for the service.
 *
 * @param database where its tables are
 */
export function createAuth(
  config: Config,
  database: AuthTables | ReturnType<typeof memoryAdapter>,
) {
  const passwordLimit = { window: 60, max: config.rateLimit };
  const auth = betterAuth({
    appName: 'Tasks',
    baseURL: config.url,
    secret: config.secret,
    database,
    trustedOrigins: loopbackAliases(config.url),
    emailAndPassword: {
      enabled: true,
      minPasswordLength: MIN_PASSWORD_LENGTH,
      maxPasswordLength: MAX_PASSWORD_LENGTH,
    },
    session: {
      expiresIn: 7 * DAY,
      updateAge: DAY,
      // Sensitive operations require the password instead of a recent session.
      freshAge: 0,
    },
    user: {
      deleteUser: {
        enabled: true,
        beforeDelete: ({ id }) => leaveService(serviceClient(id)),
        afterDelete: ({ id }) => leaveServiceAgain(serviceClient(id)),
      },
    },
    plugins: [tokenPlugin(config)],
    hooks: {
      before: checkRequest,
      after: createAuthMiddleware(async (request) => {
        auditRequest(request);
        await endTokens(request, serviceClient);
      }),
    },
    rateLimit: {
      enabled: true,
      storage: config.mock ? 'memory' : 'database',
      // Short, because the counter is reset only after a pause of this length.
      window: 1,
      max: 10 * config.rateLimit,
      customRules: {
        '/sign-in/email': passwordLimit,
        '/sign-up/email': passwordLimit,
        '/change-password': passwordLimit,
        '/delete-user': passwordLimit,
      },
    },
    advanced: {
      useSecureCookies: config.secure,
      defaultCookieAttributes: { path: config.basePath || '/' },
      disableCSRFCheck: false,
      disableOriginCheck: false,
      ipAddress: {
        ipAddressHeaders: [CLIENT_ADDRESS_HEADER],
        trustedProxies: [...config.trustedProxies],
      },
      // The schema has been migrated at startup.
      database: { generateId: 'uuid', validateSchema: false },
    },
    telemetry: { enabled: false },
    logger: {
      // At `warn` it would log every wrong password.
      level: 'error',
      log: (level, message, ...rest) => {
        const error = rest.find((value) => value instanceof Error);
        log(level, message, error);
      },
    },
    // The route handler responds to unexpected errors.
    onAPIError: { throw: true },
  });

  function serviceClient(userId: string): TasksClient {
    return clientOf(config.tasksApiInternalUrl, async () => {
      const payload = { sub: userId, iat: Math.floor(Date.now() / 1000) };
      return (await auth.api.signJWT({ body: { payload } })).token;
    });
  }
  return auth;
}
