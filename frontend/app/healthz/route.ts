import { pingDatabase } from '../lib/auth/running.ts';
import { log } from '../lib/log.ts';

/** For load balancers and whoever starts this: 200 when people can sign in, 503 while the database is out of reach. */
export async function GET(): Promise<Response> {
  const headers = { 'Cache-Control': 'no-store' };
  try {
    await pingDatabase();
    return Response.json({ status: 'ok' }, { headers });
  } catch (error) {
    log('warn', 'the database does not answer', error);
    return Response.json({ status: 'unavailable' }, { status: 503, headers });
  }
}
