import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { redirectToSignIn, tokens } from '../api/session.ts';
import { isAuthError } from '../errors/auth-messages.ts';
import { endOtherSessions, endSession, listSessions, type DeviceSession } from './sessions.ts';

const KEY = ['sessions'] as const;

/**
 * The user's sessions.
 *
 * @param initial the sessions as the server rendered them
 */
export function useSessions(initial: readonly DeviceSession[]) {
  return useQuery({
    queryKey: KEY,
    queryFn: () => whileSignedIn(listSessions),
    initialData: initial,
  });
}

/** Ends one session, or all sessions except this one with `others`. Then the list is refetched. */
export function useEndSession() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (which: DeviceSession | 'others') =>
      whileSignedIn(() => (which === 'others' ? endOtherSessions() : endSession(which))),
    onSettled: () => {
      // Ending a session revokes all tokens.
      tokens.forget();
      return queryClient.invalidateQueries({ queryKey: KEY });
    },
  });
}

/** Returns a function that refetches the list. */
export function useRefreshSessions(): () => void {
  const queryClient = useQueryClient();
  return () => void queryClient.invalidateQueries({ queryKey: KEY });
}

/** Redirects to the sign-in page if this session was ended elsewhere. */
async function whileSignedIn<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (isAuthError(error) && error.status === 401) redirectToSignIn();
    throw error;
  }
}
