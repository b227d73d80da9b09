import type { ReactNode } from 'react';
import type { ChannelStatus } from '../live/channel.ts';
import { Problem } from './panel.tsx';
import { SkeletonRows } from './skeleton.tsx';

interface LivePlaceholderProps {
  /** Names what is not there: "Graduations". */
  readonly what: string;
  /** As many as there will be room for. */
  readonly rows: number;
  readonly status: ChannelStatus;
  readonly retry: () => void;
  /** Where there is nothing to list. */
  readonly children: ReactNode;
}

/** Instead of a live list without anything in it: on its way, refused, or empty. */
export function LivePlaceholder({ what, rows, status, retry, children }: LivePlaceholderProps) {
  switch (status.kind) {
    case 'waiting':
      return <SkeletonRows rows={rows} label={`Loading ${what.toLowerCase()}`} />;
    case 'ended':
      return <Problem what={what} detail={status.error.message} onRetry={retry} />;
    case 'live':
      return children;
    default:
      return status satisfies never;
  }
}
