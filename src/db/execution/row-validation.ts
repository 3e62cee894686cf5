import { isDeepStrictEqual } from 'node:util';
import { types } from 'pg';
import {
  type Field,
  type Interceptor,
  type QueryContext,
  type QueryResultRow,
  SchemaValidationError,
} from 'slonik';

type RowType = NonNullable<QueryContext['resultParser']>;

const { BOOL, INT4, TEXT, UUID, TIMESTAMP } = types.builtins;

/** A value of each column type, as the driver returns it. */
const SAMPLES: Readonly<Record<number, unknown>> = {
  [BOOL]: true,
  [INT4]: 1,
  [TEXT]: 'text',
  [UUID]: '0199e2ba-0000-7000-8000-000000000000',
  [TIMESTAMP]: '2026-11-21T04:05:06.000000Z',
};

/** By the columns of a result: those that must not be null, or null if every row has to be parsed. */
const requiredColumns = new WeakMap<readonly Field[], readonly string[] | null>();

/**
 * Validates rows against the row type of their statement. PostgreSQL guarantees that all values of a column have the
 * column's type, so that it is enough to validate the columns once, with a sample row, and to check each row for nulls. Where
 * that is not enough, each row is parsed: for JSON, whose content PostgreSQL does not know, and for row types that transform.
 * Limits of values are not the subject of a row type; the contract's validation of responses checks those.
 *
 * @throws {SchemaValidationError} from the query
 */
export const rowValidation: Interceptor = {
  name: 'row-validation',
  transformRow: ({ resultParser }, query, row, fields) => {
    if (!resultParser) return row;
    let required = requiredColumns.get(fields);
    if (required === undefined) {
      required = findRequiredColumns(resultParser, fields);
      requiredColumns.set(fields, required);
    }
    if (required?.every((name) => row[name] !== null)) return row;
    const { value, issues } = parse(resultParser, row);
    if (issues) throw new SchemaValidationError(query, row, issues);
    return value as QueryResultRow;
  },
};

function findRequiredColumns(type: RowType, fields: readonly Field[]): string[] | null {
  const sample = Object.fromEntries(
    fields.map(({ name, dataTypeId }) => [name, SAMPLES[dataTypeId]]),
  );
  if (!isUnchanged(type, sample)) return null;
  return Object.keys(sample).filter((name) => !isUnchanged(type, { ...sample, [name]: null }));
}

/** Whether a row is valid and parsing it changes nothing. */
function isUnchanged(type: RowType, row: object): boolean {
  const { value, issues } = parse(type, row);
  return !issues && isDeepStrictEqual(value, row);
}

function parse(type: RowType, row: object) {
  const result = type['~standard'].validate(row);
  if (result instanceof Promise) throw new TypeError('row types must be synchronous');
  return result.issues ? { issues: result.issues } : { value: result.value };
}
