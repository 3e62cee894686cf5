import { CircleAlert } from 'lucide-react';
import { useId, type ComponentProps, type ReactNode } from 'react';

/** The texts around a form control. */
interface FieldLabels {
  readonly label: string;
  /** Shows the label to screen readers only, where the purpose of the field is visible otherwise. */
  readonly labelHidden?: boolean | undefined;
  readonly hint?: ReactNode;
  /** What is wrong with the value, and how to correct it. */
  readonly error?: ReactNode;
}

type TextFieldProps = Readonly<
  Omit<ComponentProps<'input'>, 'id'> &
    FieldLabels & {
      name: string;
      /** A button at the end of the field, up to 44 px wide. */
      trailing?: ReactNode;
    }
>;

/** A field for a single line of text. */
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
            className={`${CONTROL_CLASS} ${trailing ? 'pe-12' : ''} ${className}`}
          />
          {trailing && <div className="absolute end-0.5 flex">{trailing}</div>}
        </div>
      )}
    </Field>
  );
}

type TextAreaProps = Readonly<
  Omit<ComponentProps<'textarea'>, 'id'> & FieldLabels & { name: string }
>;

/** A field for several lines of text. It grows with its text in browsers that support it. */
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
          className={`${CONTROL_CLASS} field-sizing-content max-h-80 resize-y ${className}`}
        />
      )}
    </Field>
  );
}

/** The attributes that connect a control with its label, hint and error. */
interface ControlProps {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

/** A control with its label, hint and error. */
function Field({
  label,
  labelHidden = false,
  hint,
  error,
  children,
}: FieldLabels & { readonly children: (control: ControlProps) => ReactNode }) {
  const id = useId();
  const hintId = hint ? `${id}hint` : undefined;
  const errorId = error ? `${id}error` : undefined;
  const describedBy = [errorId, hintId].filter((part) => part !== undefined).join(' ');
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className={labelHidden ? 'sr-only' : 'font-medium'}>
        {label}
      </label>
      {children({
        id,
        'aria-describedby': describedBy || undefined,
        'aria-invalid': error ? true : undefined,
      })}
      {error && (
        <p id={errorId} className="flex items-start gap-1.5 text-sm text-danger">
          <CircleAlert aria-hidden size={16} className="mt-0.5 shrink-0" />
          {error}
        </p>
      )}
      {hint && (
        <p id={hintId} className="text-sm text-muted">
          {hint}
        </p>
      )}
    </div>
  );
}

/** The styling of a text control. The font is at least 16 px, because iOS zooms in on smaller ones. */
const CONTROL_CLASS =
  'w-full min-h-11 rounded-control border border-edge bg-surface px-3 py-2 text-base placeholder:text-muted aria-invalid:border-danger aria-invalid:ring-1 aria-invalid:ring-danger';
