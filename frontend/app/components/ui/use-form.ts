'use client';

import { useState, type SubmitEvent, type SyntheticEvent } from 'react';
import { flushSync } from 'react-dom';
import { messageOf } from '../../lib/errors/messages.ts';
import type { FieldName } from '../../lib/errors/words.ts';

type FieldErrors = Readonly<Partial<Record<FieldName, string | undefined>>>;

interface FormOptions<Field extends FieldName> {
  /** The names of the fields, from top to bottom. */
  readonly fields: readonly Field[];
  /** What is wrong before anything is sent. */
  readonly check: (values: Readonly<Record<Field, string>>) => FieldErrors;
  /** Sends it. Until the promise is settled, the form takes no other submit; what then leaves the page awaits `leavePage`. */
  readonly send: (values: Readonly<Record<Field, string>>, form: HTMLFormElement) => Promise<void>;
}

/** The state of a form whose fields keep their values themselves, so that password managers can fill them. */
export interface FormState {
  readonly pending: boolean;
  readonly errors: FieldErrors;
  /** What went wrong with no field in particular. */
  readonly failure: unknown;
  /** For the form. */
  readonly formProps: {
    readonly method: 'post';
    readonly noValidate: true;
    readonly onSubmit: (event: SubmitEvent<HTMLFormElement>) => void;
    readonly onInput: (event: SyntheticEvent<HTMLFormElement>) => void;
  };
}

/**
 * Checks and sends a form, once at a time. Errors go to their fields, by what {@link messageOf} says about them, and the
 * focus to the first wrong one.
 */
export function useForm<Field extends FieldName>({
  fields,
  check,
  send,
}: FormOptions<Field>): FormState {
  const [pending, setPending] = useState(false);
  const [errors, setErrors] = useState<FieldErrors>({});
  const [failure, setFailure] = useState<unknown>();

  /** Whether there was something to show at a field. */
  function showErrors(form: HTMLFormElement, wrong: FieldErrors): boolean {
    const first = fields.find((field) => wrong[field] !== undefined);
    // The message has to be there before the focus, to be read with the field.
    flushSync(() => {
      setErrors(wrong);
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
      // Before the script is there, a submit must not put a password into the address.
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
