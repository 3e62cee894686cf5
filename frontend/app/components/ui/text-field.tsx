import type { ComponentProps, ReactNode } from 'react';
import { controlClass, Field, type FieldLabels } from './field.tsx';

type TextFieldProps = Readonly<
  Omit<ComponentProps<'input'>, 'id'> &
    FieldLabels & {
      name: string;
      /** A button at the end of the field, at most 44 px wide. */
      trailing?: ReactNode;
    }
>;

/** A field of one line. */
export function TextField({
  label,
  labelHidden,
  hint,
  error,
  trailing,
  className = '',
  ...props
}: TextFieldProps) {
  return (
    <Field label={label} labelHidden={labelHidden} hint={hint} error={error}>
      {(control) => (
        <div className="relative flex items-center">
          <input
            {...props}
            {...control}
            className={`${controlClass} ${trailing ? 'pe-12' : ''} ${className}`}
          />
          {trailing && <div className="absolute end-0.5 flex">{trailing}</div>}
        </div>
      )}
    </Field>
  );
}
