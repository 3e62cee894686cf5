import { handleAuthRequest } from '../../../lib/auth/route-handler.ts';

export { handleAuthRequest as GET, handleAuthRequest as POST };
