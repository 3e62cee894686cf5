import type { ComponentProps } from 'react';
import { controlClass, Field, type FieldLabels } from './field.tsx';

type TextAreaProps = Readonly<
  Omit<ComponentProps<'textarea'>, 'id'> & FieldLabels & { name: string }
>;

/** A field of several lines; it grows with its text where the browser can do that. */
export function TextArea({
  label,
  labelHidden,
  hint,
  error,
  className = '',
  ...props
}: TextAreaProps) {
  return (
    <Field label={label} labelHidden={labelHidden} hint={hint} error={error}>
      {(control) => (
        <textarea
          rows={3}
          {...props}
          {...control}
          className={`${controlClass} field-sizing-content max-h-80 resize-y ${className}`}
        />
      )}
    </Field>
  );
}
