import { useEffect } from 'react';

const APP = 'Agent.fun';

/** Names the page in the browser's tab. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? APP : `${title} · ${APP}`;
  }, [title]);
}
