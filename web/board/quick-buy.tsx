import { sol } from '../../shared/units.ts';
import type { AgentView } from '../../shared/view-schemas.ts';
import { useConnection } from '../live/hooks.ts';
import { agentPath } from '../router.ts';
import { useSetting } from '../services.ts';
import { useTrader } from '../trade/use-trader.ts';
import { Link } from '../ui/link.tsx';

/** Buys at once, for the amount that is set; who is not signed in is led to where one can. */
export function QuickBuy({ agent }: { readonly agent: AgentView }) {
  const amount = useSetting(({ quickBuy }) => quickBuy);
  const isLive = useConnection().state === 'live';
  const trader = useTrader();
  if (trader === null) {
    return (
      <Link
        className="button quick-buy"
        href={agentPath(agent.agentId)}
        title="Sign in to buy with one press"
      >
        Buy<span className="visually-hidden"> {agent.symbol} on its page</span>
      </Link>
    );
  }
  return (
    <button
      type="button"
      className="button quick-buy"
      disabled={!isLive}
      onClick={() => void trader.buyForSol(agent, sol(amount))}
    >
      {isLive ? `Buy ${amount}` : 'Not connected'}
      <span className="visually-hidden">{isLive ? ` SOL of ${agent.symbol}` : `, ${agent.symbol}`}</span>
    </button>
  );
}
