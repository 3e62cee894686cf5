import type { Parameter, SampleRequest } from './requests.ts';

const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';

const variable = (key: string, value: string, description: string) => ({ key, value, description });

/**
 * A collection for Postman (format 2.1), with a folder per tag. Optional parameters are disabled, so that each request succeeds
 * as it is.
 */
export function postmanCollection(name: string, requests: readonly SampleRequest[]): string {
  const tags = [...new Set(requests.map(({ tag }) => tag))];
  const collection = {
    info: {
      name,
      description:
        'Generated from openapi/tasks.yaml. Set the variables of the collection: `token` (make -s token user=alice), `id` (of a task) and `user_id` (of the caller, percent-encoded).',
      schema: SCHEMA,
    },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{token}}', type: 'string' }] },
    variable: [
      variable('baseUrl', 'http://localhost:8000', 'URL of the service, without /api'),
      variable('token', '', 'a bearer token'),
      variable('id', '', 'the id of a task'),
      variable('user_id', '', 'the id of the caller, percent-encoded'),
    ],
    item: tags.map((tag) => ({
      name: tag,
      item: requests.filter((request) => request.tag === tag).map(itemOf),
    })),
  };
  return `${JSON.stringify(collection, undefined, 2)}\n`;
}

function itemOf({
  summary,
  description,
  method,
  path,
  isSecured,
  parameters,
  body,
}: SampleRequest) {
  const query = parameters.filter((parameter) => parameter.in === 'query').map(optional);
  const variables = parameters.filter((parameter) => parameter.in === 'path');
  const segments = path.slice(1).replaceAll(/\{(\w+)\}/g, ':$1');
  const headers = parameters.filter((parameter) => parameter.in === 'header').map(headerOf);
  return {
    name: summary,
    request: {
      method,
      description,
      ...(!isSecured && { auth: { type: 'noauth' } }),
      header: [...headers, ...(body ? [{ key: 'Content-Type', value: body.mediaType }] : [])],
      url: {
        raw: `{{baseUrl}}/${segments}`,
        host: ['{{baseUrl}}'],
        path: segments.split('/'),
        ...(query.length > 0 && { query }),
        ...(variables.length > 0 && {
          variable: variables.map(({ name, description: text }) => ({
            key: name,
            value: `{{${name}}}`,
            description: text,
          })),
        }),
      },
      ...(body && {
        body: { mode: 'raw', raw: body.json, options: { raw: { language: 'json' } } },
      }),
    },
  };
}

function headerOf(parameter: Parameter) {
  // A new key each time the request is sent, so that it can be edited and sent again.
  if (parameter.name === 'Idempotency-Key')
    return { ...optional(parameter), value: '{{$guid}}', disabled: false };
  return optional(parameter);
}

function optional(parameter: Parameter) {
  const { name, description, example } = parameter;
  return { key: name, value: String(example), description, disabled: true };
}
