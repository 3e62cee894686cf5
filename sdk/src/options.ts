export interface TasksClientOptions {
  /** The URL of the service, such as `https://tasks.example.com`. Empty for the origin of the page. */
  readonly baseUrl: string;
  /** Returns the caller's bearer token. Called before each call, and once more if the service rejects the token. */
  readonly token: () => string | Promise<string>;
  /** Replaces the global `fetch`. Called with a URL and options. */
  readonly fetch?: typeof fetch;
  /** The timeout of each attempt and of each call of `token`, in milliseconds. The default is 10,000. */
  readonly timeout?: number;
  /** The maximum number of retries of a call that is safe to retry. The default is 3. */
  readonly retries?: number;
}

type Name = keyof TasksClientOptions;
type Check = readonly [isValid: (value: unknown) => boolean, expected: string];

const isFunction = (value: unknown) => typeof value === 'function';
/** An absolute URL or a path, without a query, and without the `/api` that the client appends. */
const isBaseUrl = (value: unknown) =>
  typeof value === 'string' &&
  /^(https?:\/\/[^\s/?#@]+)?(\/[^\s?#]*)?$/i.test(value) &&
  !/\/api(\/tasks)?\/*$/.test(value);

const CHECKS: Readonly<Record<Name, Check>> = {
  baseUrl: [
    isBaseUrl,
    "the URL of the service without /api, such as 'https://tasks.example.com', or '' for the origin of the page",
  ],
  token: [isFunction, 'a function that returns the bearer token'],
  fetch: [(value) => value === undefined || isFunction(value), 'a function'],
  timeout: [(value) => typeof value === 'number' && value > 0, 'a number above 0'],
  retries: [(value) => typeof value === 'number' && value >= 0, 'a number of at least 0'],
};

/** @throws {TypeError} if the value of an option is missing or invalid; the message says what it must be */
export function checkOption(name: Name, value: unknown): void {
  const [isValid, expected] = CHECKS[name];
  if (isValid(value)) return;
  // Not the value of `token`, which may be the token itself.
  const actual = name === 'token' ? typeof value : String(value);
  throw new TypeError(`\`${name}\` must be ${expected}, not ${actual}`);
}

/** @throws {TypeError} naming the first option that is missing or invalid */
export function checkOptions(options: Readonly<Record<Name, unknown>>): void {
  for (const name of Object.keys(CHECKS) as Name[]) checkOption(name, options[name]);
}
