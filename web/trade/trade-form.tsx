import { type SyntheticEvent, useId, useMemo, useRef, useState } from 'react';
import type { Side } from '../../shared/curve.ts';
import { useSession, useSetting } from '../services.ts';
import { useShownState } from '../shell/shown-state.ts';
import { useSignIn } from '../shell/use-sign-in.ts';
import { Tabs } from '../ui/tabs.tsx';
import { actionOf, impactOf } from './action.ts';
import { AmountEntry } from './amount-entry.tsx';
import type { Desk } from './desk.ts';
import { type Problem, type Wanted, type Weighed, weigh } from './quote.ts';
import { SlippageControl } from './slippage-control.tsx';
import type { Ticket } from './ticket.ts';
import { ConfirmationLine, Warning } from './trade-notices.tsx';
import { TradeSums } from './trade-sums.tsx';
import { problemWords } from './trade-words.ts';
import type { Tradable } from './trader.ts';
import { useConfirmation } from './use-confirmation.ts';
import { useTradeKeys } from './use-trade-keys.ts';

interface TradeFormProps {
  readonly agent: Tradable;
  /** `null` while nobody is signed in: everything is quoted, and the button signs in. */
  readonly desk: Desk | null;
  readonly ticket: Ticket;
  /** An order is on its way; its notice says what becomes of it. */
  readonly onPlaced?: () => void;
}

const SIDES: readonly Side[] = ['buy', 'sell'];

/** Buys and sells an agent that is on its curve: what a trade costs and does is there before the button is pressed. */
export function TradeForm({ agent, desk, ticket, onPlaced }: TradeFormProps) {
  const { agentId, symbol, curve, seq } = agent;
  const { side, read, busy } = ticket;
  const warningId = useId();
  const input = useRef<HTMLInputElement>(null);
  useTradeKeys(ticket.turn, input);
  const connection = useShownState();
  const session = useSession().kind;
  const slippageBps = useSetting((settings) => settings.slippageBps);
  const warningBps = useSetting((settings) => settings.impactWarningBps);
  const signIn = useSignIn();
  const [agreedTo, setAgreedTo] = useState<Wanted | null>(null);

  const wanted = read.kind === 'wanted' ? read.wanted : null;
  const quoted = useMemo(
    () => (wanted === null || connection !== 'live' ? null : { agentId, wanted, curve, seq }),
    [agentId, wanted, curve, seq, connection],
  );
  const confirmation = useConfirmation(quoted);
  const fill = confirmation.kind === 'differs' ? confirmation.fill : undefined;
  const funds = desk?.fundsIn(agentId) ?? null;
  const weighed = wanted === null ? null : weigh(wanted, { curve, slippageBps, funds, fill });
  const quote = weighed?.quote ?? null;
  const impact = impactOf(quote?.impactBps ?? 0, warningBps);
  const agreed = wanted !== null && agreedTo === wanted;
  const hasFunds = funds !== null;
  const action = actionOf({
    symbol,
    side,
    connection,
    session,
    hasFunds,
    weighed,
    impact,
    agreed,
    busy,
  });
  const problem = read.kind === 'unreadable' ? read.problem : problemOf(weighed);

  const press = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (action.kind === 'sign_in') signIn();
    if (action.kind !== 'place' || desk === null) return;
    ticket.placed(desk.trader.place(agent, action.quote));
    onPlaced?.();
  };

  return (
    <form className="trade-form" data-side={side} aria-label={`Trade ${symbol}`} onSubmit={press} noValidate>
      <Tabs
        label="Buy or sell"
        className="trade-sides"
        options={SIDES}
        chosen={side}
        titleOf={(option) => (option === 'buy' ? 'Buy' : 'Sell')}
        onChoose={ticket.turn}
      />
      <AmountEntry
        ticket={ticket}
        symbol={symbol}
        curve={curve}
        funds={funds}
        note={problem === null ? null : { tone: 'bad', text: problemWords(problem, symbol) }}
        inputRef={input}
      />
      <SlippageControl />
      <TradeSums ticket={ticket} symbol={symbol} quote={quote} impact={impact} />
      <Warning
        id={warningId}
        symbol={symbol}
        quote={quote}
        impact={weighed?.kind === 'ready' ? impact : 'usual'}
        agreed={agreed}
        onAgree={(agrees) => setAgreedTo(agrees ? wanted : null)}
      />
      <button
        type="submit"
        className={`button button-large trade-submit ${action.kind === 'sign_in' ? 'button-primary' : `button-${side}`}`}
        // Rather than disabled: the focus stays on it while it cannot be pressed.
        aria-disabled={action.kind === 'wait'}
        aria-describedby={warningId}
      >
        {action.label}
      </button>
      <ConfirmationLine kind={confirmation.kind} />
    </form>
  );
}

const problemOf = (weighed: Weighed | null): Problem | null =>
  weighed?.kind === 'refused' ? weighed.problem : null;
