interface TabsProps<T extends string> {
  readonly label: string;
  readonly options: readonly T[];
  readonly chosen: T;
  readonly titleOf: (option: T) => string;
  readonly onChoose: (option: T) => void;
  readonly className?: string;
}

/** A choice of one. Buttons with a pressed state rather than tabs: each is reached with Tab alone. */
export function Tabs<T extends string>({
  label,
  options,
  chosen,
  titleOf,
  onChoose,
  className = '',
}: TabsProps<T>) {
  return (
    <fieldset className={`tabs ${className}`} aria-label={label}>
      {options.map((option) => (
        <button
          key={option}
          type="button"
          className="tab"
          aria-pressed={option === chosen}
          onClick={() => onChoose(option)}
        >
          {titleOf(option)}
        </button>
      ))}
    </fieldset>
  );
}
