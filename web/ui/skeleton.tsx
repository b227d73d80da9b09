interface SkeletonRowsProps {
  readonly rows: number;
  readonly label: string;
}

/** Rows that are on their way, as high as the real ones. */
export function SkeletonRows({ rows, label }: SkeletonRowsProps) {
  return (
    <div className="skeleton-rows" role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
        <span key={row} className="skeleton-row" data-step={row % 4} />
      ))}
    </div>
  );
}
