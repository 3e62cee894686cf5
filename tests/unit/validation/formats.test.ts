import { fullFormats } from 'ajv-formats/dist/formats.js';
import { describe, expect, test, vi } from 'vitest';
import { formats } from '../../../src/validation/formats.ts';

const dateTime = fullFormats['date-time'] as { validate: (text: string) => boolean };
const original = dateTime.validate;
const isDateTime = (text: string) => formats['date-time']?.validate(text);

test.each([
  '2026-11-21T04:05:06.123456Z',
  '2026-01-31T23:59:59.000000Z',
  '2028-02-29T00:00:00.000000Z',
  '2026-11-21T04:05:06Z',
  '2026-11-21t04:05:06.1z',
  '2026-11-21T04:05:06+01:00',
  '2016-12-31T23:59:60Z',
])('accepts %s', (text) => {
  expect(isDateTime(text)).toBe(true);
});

test.each([
  '2026-02-30T04:05:06.123456Z',
  '2027-02-29T04:05:06.123456Z',
  '2026-13-01T04:05:06.123456Z',
  '2026-00-01T04:05:06.123456Z',
  '2026-11-00T04:05:06.123456Z',
  '2026-11-21T24:05:06.123456Z',
  '2026-11-21T04:60:06.123456Z',
  '2026-11-21 04:05:06.123456',
  '2026-11-21T04:05:06.123456Z\n',
  '',
])('rejects %j', (text) => {
  expect(isDateTime(text)).toBe(false);
});

describe('has the result of ajv-formats', () => {
  const parts = ['00', '01', '12', '13', '23', '24', '28', '29', '30', '31', '32', '59', '60'];

  test.each(parts)('for all times with the month %s', (month) => {
    for (const day of parts) {
      for (const time of parts.flatMap((hour) => parts.map((minute) => `${hour}:${minute}`))) {
        const text = `2026-${month}-${day}T${time}:06.123456Z`;
        expect(isDateTime(text), text).toBe(original(text));
      }
    }
  });
});

test('does not need ajv-formats on any day of a year', () => {
  const slow = vi.spyOn(dateTime, 'validate');
  const day = new Date('2027-01-01T23:59:59.999Z');
  for (; day.getUTCFullYear() === 2027; day.setUTCDate(day.getUTCDate() + 1)) {
    expect(isDateTime(day.toISOString().replace('Z', '000Z'))).toBe(true);
  }
  expect(slow).not.toHaveBeenCalled();
});
