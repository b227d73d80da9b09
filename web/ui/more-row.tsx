import type { ReactNode } from 'react';

interface MoreRowProps {
  /** Of a list that is asked for page by page. */
  readonly pages: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
  };
  /** What there is more of. */
  readonly children: ReactNode;
}

/** At the end of a list: a way to its next page, where there is one. */
export function MoreRow({
  pages: { hasNextPage, isFetchingNextPage, fetchNextPage },
  children,
}: MoreRowProps) {
  if (!hasNextPage) return null;
  return (
    <div className="more-row">
      <button
        type="button"
        className="button"
        disabled={isFetchingNextPage}
        onClick={() => void fetchNextPage()}
      >
        {children}
      </button>
    </div>
  );
}
