'use client';

import { useState, type SubmitEvent, type SyntheticEvent } from 'react';
import { flushSync } from 'react-dom';
import { messageOf } from '../../lib/errors/message-of.ts';
import type { FieldName } from '../../lib/errors/error-message.ts';

type FieldErrors = Readonly<Partial<Record<FieldName, string | undefined>>>;

interface FormOptions<Field extends FieldName> {
  /** The field names, from top to bottom. */
  readonly fields: readonly Field[];
  /** Validates the values before they are sent. */
  readonly check: (values: Readonly<Record<Field, string>>) => FieldErrors;
  /** Sends the values. The form stays busy until the promise settles. To leave the page, await `leavePage`. */
  readonly send: (values: Readonly<Record<Field, string>>, form: HTMLFormElement) => Promise<void>;
}

/** The state of a form with uncontrolled fields, which password managers can fill. */
export interface FormState {
  readonly pending: boolean;
  readonly errors: FieldErrors;
  /** An error that does not belong to a field. */
  readonly failure: unknown;
  /** The props of the form element. */
  readonly formProps: {
    readonly method: 'post';
    readonly noValidate: true;
    readonly onSubmit: (event: SubmitEvent<HTMLFormElement>) => void;
    readonly onInput: (event: SyntheticEvent<HTMLFormElement>) => void;
  };
}

/**
 * Validates and submits a form. Errors are shown at the fields that {@link messageOf} names, and the first invalid field gets the
 * focus.
 */
export function useForm<Field extends FieldName>({
  fields,
  check,
  send,
}: FormOptions<Field>): FormState {
  const [pending, setPending] = useState(false);
  const [errors, setErrors] = useState<FieldErrors>({});
  const [failure, setFailure] = useState<unknown>();

  /** Returns whether an error belongs to a field. */
  function showErrors(form: HTMLFormElement, found: FieldErrors): boolean {
    const first = fields.find((field) => found[field] !== undefined);
    // Render the error before moving the focus, so that screen readers read it with the field.
    flushSync(() => {
      setErrors(found);
    });
    const control = first && form.elements.namedItem(first);
    if (control instanceof HTMLElement) control.focus();
    return first !== undefined;
  }

  async function submit(form: HTMLFormElement) {
    const data = new FormData(form);
    const values = Object.fromEntries(
      fields.map((field) => [field, textOf(data.get(field))]),
    ) as Record<Field, string>;
    setFailure(undefined);
    if (showErrors(form, check(values))) return;
    setPending(true);
    try {
      await send(values, form);
    } catch (error) {
      if (!showErrors(form, messageOf(error).fields ?? {})) setFailure(error);
    } finally {
      setPending(false);
    }
  }

  return {
    pending,
    errors,
    failure,
    formProps: {
      // If the form is submitted before the script has loaded, the password must not end up in the URL.
      method: 'post',
      noValidate: true,
      onSubmit(event) {
        event.preventDefault();
        if (!pending) void submit(event.currentTarget);
      },
      onInput({ target }) {
        const name = target instanceof HTMLInputElement ? target.name : '';
        setErrors((now) => ({ ...now, [name]: undefined }));
      },
    },
  };
}

function textOf(value: FormDataEntryValue | null): string {
  return typeof value === 'string' ? value : '';
}
