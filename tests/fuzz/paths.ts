import { operations } from '../support/operations.ts';

const paths = [...new Set(operations.map(({ path }) => path))];

/** The paths of the contract that match a percent-encoded path. */
export function matchingPaths(sent: string): string[] {
  const given = sent.split('/');
  return paths.filter((path) => {
    const segments = path.split('/');
    return (
      segments.length === given.length &&
      segments.every((segment, index) =>
        segment.startsWith('{') ? given[index] !== '' : segment === given[index],
      )
    );
  });
}

/** The methods of a path of the contract. */
export function methodsOf(path: string): string[] {
  return operations.filter((operation) => operation.path === path).map(({ method }) => method);
}
