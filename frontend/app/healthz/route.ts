import { pingDatabase } from '../lib/auth/running.ts';
import { log } from '../lib/log.ts';

/** Health check: 200 if users can sign in, 503 while the database cannot be reached. */
export async function GET(): Promise<Response> {
  const headers = { 'Cache-Control': 'no-store' };
  try {
    await pingDatabase();
    return Response.json({ status: 'ok' }, { headers });
  } catch (error) {
    log('warn', 'the database cannot be reached', error);
    return Response.json({ status: 'unavailable' }, { status: 503, headers });
  }
}
