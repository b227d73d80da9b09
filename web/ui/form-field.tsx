import {
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type TextareaHTMLAttributes,
  useId,
} from 'react';

interface Described {
  readonly label: string;
  /** What to know of it, below it. */
  readonly hint?: string;
  /** What is wrong with it, instead of the hint. */
  readonly problem?: ReactNode;
  /** Beside the label. */
  readonly aside?: ReactNode;
}

interface TextFieldProps extends Described, InputHTMLAttributes<HTMLInputElement> {
  readonly ref?: Ref<HTMLInputElement>;
  /** At the end of the input: what is counted. */
  readonly unit?: string;
}

/** A line of text with its label, and with what is wrong with it beside it. */
export function TextField({ label, hint, problem, aside, unit, className = '', ...input }: TextFieldProps) {
  const id = useId();
  return (
    <Field id={id} label={label} hint={hint} problem={problem} aside={aside}>
      <span className={unit === undefined ? 'text-field' : 'text-field text-field-unit'}>
        <input
          id={id}
          className={`input ${className}`}
          aria-invalid={problem !== undefined}
          aria-describedby={`${id}-note`}
          {...input}
        />
        {unit !== undefined && <span className="text-unit">{unit}</span>}
      </span>
    </Field>
  );
}

interface TextAreaProps extends Described, TextareaHTMLAttributes<HTMLTextAreaElement> {
  readonly ref?: Ref<HTMLTextAreaElement>;
}

/** Several lines of text, as {@link TextField}. */
export function TextArea({ label, hint, problem, aside, ...input }: TextAreaProps) {
  const id = useId();
  return (
    <Field id={id} label={label} hint={hint} problem={problem} aside={aside}>
      <textarea
        id={id}
        className="input"
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-note`}
        {...input}
      />
    </Field>
  );
}

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint: string | undefined;
  readonly problem: ReactNode;
  readonly aside: ReactNode;
  readonly children: ReactNode;
}

function Field({ id, label, hint, problem, aside, children }: FieldProps) {
  return (
    <div className="field">
      <div className="field-label">
        <label htmlFor={id}>{label}</label>
        {aside}
      </div>
      {children}
      <p
        className="field-note"
        id={`${id}-note`}
        data-tone={problem === undefined ? undefined : 'bad'}
        aria-live="polite"
      >
        {problem ?? hint}
      </p>
    </div>
  );
}
