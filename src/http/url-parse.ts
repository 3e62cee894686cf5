import { parse } from 'node:url';

/**
 * Makes `url.parse()` of Node.js faster, which express-openapi-validator calls for each request: until the process has called it
 * from outside of `node_modules`, and was warned that it is deprecated, each call examines the stack, which takes 4 µs.
 */
export function skipUrlParseWarning(): void {
  const { noDeprecation = false } = process;
  process.noDeprecation = true;
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- it is about this function
  parse('');
  process.noDeprecation = noDeprecation;
}
