import { codeSamples } from './code-samples.ts';
import { authenticationRequired, defaultChanged, responseHeaderOptional } from './diff/breaking.ts';
import { deprecated, requestChanged } from './diff/features.ts';
import { documentationChanged } from './diff/prose.ts';
import { boundedValues } from './rules/bounded-values.ts';
import { problemExamples } from './rules/problem-examples.ts';

/** What the project adds to Redocly: decorators for the documentation, rules for the contract and for its changes. */
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
