import { createAuthClient } from 'better-auth/react';

/** Better Auth for the browser, on the origin of the page. Nothing is asked before one of its functions is called. */
export const authClient = createAuthClient();
