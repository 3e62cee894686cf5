/** What a request of the mix and a task cost, as measured. */
export interface Costs {
  /** CPU time per request in µs. */
  readonly service: number;
  readonly database: number;
  /** Of the program that sends the requests, where it shares the machine. */
  readonly load: number;
  /** With indexes and, for a task, all columns. */
  readonly bytesPerTask: number;
  readonly bytesPerUser: number;
}

/** What the simulation assumes. Change it to your own numbers: `make capacity` prints the table again. */
export const assumptions = {
  tasksPerUser: 100,
  requestsPerUserAndDay: 20,
  /** The requests of the busiest hour, divided by the average. */
  peak: 5,
  /** The part of a core that is used in the busiest hour. The rest is for the loss of a machine and for growth. */
  utilization: 0.5,
  /** So that one can be replaced. */
  minProcesses: 2,
  /** `DATABASE_POOL_SIZE` */
  connectionsPerProcess: 10,
  /** A large PostgreSQL server. */
  coresPerServer: 32,
  bytesPerServer: 2e12,
  connectionsPerServer: 500,
  /** Typical prices of a cloud, in US dollars per month. */
  pricePerCore: 25,
  pricePerGigabyte: 0.1,
} as const;

/** Each PostgreSQL server has a standby. */
const STANDBY = 2;

/**
 * The requests per second that a machine completes when everything, also the load, runs on it.
 *
 * @param processes each of which computes on one core
 */
export function throughputOf(costs: Costs, processes: number, cores: number): number {
  const { service, database, load } = costs;
  return 1e6 / Math.max(service / processes, (service + database + load) / cores);
}

/** What a number of users needs. */
export interface Need {
  readonly users: number;
  /** In the busiest hour. */
  readonly requestsPerSecond: number;
  readonly serviceProcesses: number;
  readonly databaseCores: number;
  /** More than one: the tables are distributed. */
  readonly databaseServers: number;
  readonly bytes: number;
  readonly connections: number;
  /** In US dollars per month, with one standby for each database server. */
  readonly price: number;
  /** How much of each limit of a single PostgreSQL server is needed, as a part; the largest first. */
  readonly limits: readonly { readonly name: string; readonly used: number }[];
}

/** Computes what a number of users needs. */
export function needOf(users: number, costs: Costs): Need {
  const a = assumptions;
  const requestsPerSecond = ((users * a.requestsPerUserAndDay) / 86_400) * a.peak;
  const coresFor = (micros: number) => (requestsPerSecond * micros) / 1e6 / a.utilization;
  const databaseCores = coresFor(costs.database);
  const serviceProcesses = Math.max(a.minProcesses, Math.ceil(coresFor(costs.service)));
  const connections = serviceProcesses * a.connectionsPerProcess;
  const userBytes = users * costs.bytesPerUser;
  const taskBytes = users * a.tasksPerUser * costs.bytesPerTask;
  // Each server stores all users, and its share of the tasks.
  const forTasks = a.bytesPerServer - userBytes;
  const databaseServers = Math.ceil(
    Math.max(1, databaseCores / a.coresPerServer, taskBytes / forTasks),
  );
  const bytes = taskBytes + userBytes * databaseServers;
  const cores = serviceProcesses + STANDBY * Math.max(databaseCores, databaseServers);
  const used = {
    CPU: databaseCores / a.coresPerServer,
    disk: (taskBytes + userBytes) / a.bytesPerServer,
    connections: connections / a.connectionsPerServer,
  };
  return {
    users,
    requestsPerSecond,
    serviceProcesses,
    databaseCores,
    databaseServers,
    bytes,
    connections,
    price: cores * a.pricePerCore + STANDBY * (bytes / 1e9) * a.pricePerGigabyte,
    limits: Object.entries(used)
      .map(([name, part]) => ({ name, used: part }))
      .sort((one, other) => other.used - one.used),
  };
}
