import type * as fc from 'fast-check';
import type { Model, Real } from './model.ts';

export interface Command extends fc.AsyncCommand<Model, Real> {
  readonly name: string;
}

/** Commands with random inputs. Each one sends a request, checks the response against the model, and updates the model. */
export function command<Input>(
  name: string,
  inputs: fc.Arbitrary<Input>,
  run: (input: Input, model: Model, real: Real) => Promise<void>,
): fc.Arbitrary<Command> {
  return inputs.map((input) => ({
    name,
    check: () => true,
    run: (model, real) => run(input, model, real),
    toString: () => `${name} ${JSON.stringify(input)}`,
  }));
}
