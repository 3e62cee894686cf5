import { codeSamples } from './code-samples.ts';
import {
  authenticationRequired,
  defaultChanged,
  responseHeaderOptional,
} from './diff/breaking-rules.ts';
import { deprecated, requestChanged } from './diff/features.ts';
import { documentationChanged } from './diff/documentation.ts';
import { boundedValues } from './rules/bounded-values.ts';
import { problemExamples } from './rules/problem-examples.ts';

/** The project's Redocly plugin: decorators for the documentation, lint rules and diff rules for the contract. */
export default function plugin() {
  return {
    id: 'tasks',
    decorators: { oas3: { 'code-samples': codeSamples } },
    rules: { oas3: { 'bounded-values': boundedValues, 'problem-examples': problemExamples } },
    diff: {
      oas3: {
        'authentication-required': authenticationRequired,
        'default-changed': defaultChanged,
        'response-header-optional': responseHeaderOptional,
        'request-changed': requestChanged,
        deprecated,
        'documentation-changed': documentationChanged,
      },
    },
  };
}
