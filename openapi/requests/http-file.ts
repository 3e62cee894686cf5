import type { SampleRequest } from './requests.ts';

/**
 * A `.http` file for the HTTP clients of JetBrains IDEs and Visual Studio Code. Optional parameters are comments, so that each
 * request succeeds as it is.
 */
export function httpFile(name: string, requests: readonly SampleRequest[]): string {
  const head = `# ${name}. Generated from openapi/tasks.yaml.
# token: make -s token user=alice; id: of a task; user_id: of the caller, percent-encoded.
@baseUrl = http://localhost:8000
@token =
@id =
@user_id =
`;
  return [head, ...requests.map(blockOf)].join('\n');
}

function blockOf({
  operationId,
  summary,
  method,
  path,
  isSecured,
  parameters,
  body,
}: SampleRequest): string {
  const optional = (place: string, format: (name: string, value: string | number) => string) =>
    parameters
      .filter((parameter) => parameter.in === place)
      .map((parameter) => `# optional: ${format(parameter.name, parameter.example)}`);
  const lines = [
    `### ${summary}`,
    `# @name ${operationId}`,
    ...optional('query', (name, value) => `?${name}=${value}`),
    ...optional('header', (name, value) => `${name}: ${value}`),
    `${method} {{baseUrl}}${path.replaceAll(/\{(\w+)\}/g, '{{$1}}')}`,
    ...(isSecured ? ['Authorization: Bearer {{token}}'] : []),
    ...(body ? [`Content-Type: ${body.mediaType}`, '', body.json] : []),
  ];
  return `${lines.join('\n')}\n`;
}
