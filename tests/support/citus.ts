import { distributeTables } from '../../src/db/distribute.ts';
import { migrate } from '../../src/db/migrate.ts';
import type { TestDatabase } from './database.ts';
import { administer, databaseUrl, dropDatabase } from './server.ts';

/** The coordinator of a Citus cluster, as a superuser. With it, the databases of all tests are distributed. */
export const citusUrl = process.env['CITUS_TEST_URL'];

/** The name of a `describe` block that needs Citus; says why it is skipped. */
export const citusName =
  citusUrl === undefined
    ? 'Citus (NOT TESTED: set CITUS_TEST_URL to the URL of a coordinator; see docs/scaling.md)'
    : 'Citus';

const silent = { info: () => undefined };

/** Creates a database on all nodes of the cluster. Citus itself does not create it on the workers. */
export async function createCitusDatabase(name: string, empty: boolean): Promise<TestDatabase> {
  const nodes = await administer(
    citusUrl ?? '',
    `select nodename, nodeport from pg_dist_node order by groupid`,
  );
  const urls = nodes.map(({ nodename, nodeport }) => {
    const url = new URL(citusUrl ?? '');
    url.hostname = String(nodename);
    url.port = String(nodeport);
    return url.href;
  });
  for (const server of urls) {
    await administer(server, `create database ${name}`);
    await administer(databaseUrl(server, name), 'create extension citus');
  }
  const url = databaseUrl(citusUrl ?? '', name);
  const [, ...workers] = nodes;
  const addNodes = workers.map(
    ({ nodename, nodeport }) => `citus_add_node('${String(nodename)}', ${String(nodeport)})`,
  );
  const { hostname, port } = new URL(url);
  await administer(url, `alter database ${name} set citus.shard_count = 4`);
  await administer(url, `select citus_set_coordinator_host('${hostname}', ${port})`);
  await administer(url, `select ${addNodes.join()}`);
  if (!empty) {
    await migrate(url, silent);
    await distributeTables(url, silent);
  }
  return {
    url,
    drop: async () => {
      for (const server of urls) await dropDatabase(server, name);
    },
  };
}
