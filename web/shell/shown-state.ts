import { useEffect, useState } from 'react';
import { ALARM_AFTER_MS, type ConnectionState } from '../live/connection.ts';
import { useConnection } from '../live/hooks.ts';

/**
 * The state of the connection as it is worth alarming anybody: a connection that is lost and back within a second was live
 * all the time.
 */
export function useShownState(): ConnectionState {
  const { state } = useConnection();
  const [shown, show] = useState(state);
  useEffect(() => {
    if (state !== 'reconnecting') {
      show(state);
      return;
    }
    const timer = setTimeout(() => show(state), ALARM_AFTER_MS);
    return () => clearTimeout(timer);
  }, [state]);
  return state === 'reconnecting' ? shown : state;
}
