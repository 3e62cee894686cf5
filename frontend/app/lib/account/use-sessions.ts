import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { isAuthError } from '../errors/auth-words.ts';
import { leaveForSignIn } from '../api/client.ts';
import { endOtherSessions, endSession, listSessions, type DeviceSession } from './sessions.ts';

const KEY = ['sessions'] as const;

/** Where the user is signed in, as the server rendered it at first. */
export function useSessions(initial: readonly DeviceSession[]) {
  return useQuery({
    queryKey: KEY,
    queryFn: () => whileSignedIn(listSessions),
    initialData: initial,
  });
}

/** Ends one session, or with `others` all but this one; then the list is read anew. */
export function useEndSession() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (which: DeviceSession | 'others') =>
      whileSignedIn(() => (which === 'others' ? endOtherSessions() : endSession(which))),
    onSettled: () => queryClient.invalidateQueries({ queryKey: KEY }),
  });
}

/** Has the list read anew. */
export function useRefreshSessions(): () => void {
  const queryClient = useQueryClient();
  return () => void queryClient.invalidateQueries({ queryKey: KEY });
}

/** Leads to the sign-in when the session was ended elsewhere. */
async function whileSignedIn<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (isAuthError(error) && error.status === 401) leaveForSignIn();
    throw error;
  }
}
