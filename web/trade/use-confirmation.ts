import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { useServices } from '../services.ts';
import { type Confirmation, QuoteConfirmation, type Quoted } from './confirmation.ts';

/** Has the server confirm what is quoted; `null` for nothing. Without a connection nothing is asked. */
export function useConfirmation(quoted: Quoted | null): Confirmation {
  const { client } = useServices();
  const confirmation = useMemo(
    () =>
      new QuoteConfirmation(({ agentId, wanted }, signal) =>
        client.quote.query({ agentId, ...wanted }, { signal }),
      ),
    [client],
  );
  useEffect(() => confirmation.quote(quoted), [confirmation, quoted]);
  useEffect(() => () => confirmation.quote(null), [confirmation]);
  return useSyncExternalStore(confirmation.subscribe, confirmation.get);
}
