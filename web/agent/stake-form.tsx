import { type FormEvent, useState } from 'react';
import { formatTokens } from '../../shared/format.ts';
import type { AgentId } from '../../shared/ids.ts';
import { TOKEN_DECIMALS, type TokenUnits } from '../../shared/units.ts';
import { useServices } from '../services.ts';
import { AmountField } from '../ui/amount-field.tsx';
import { AmountPresets, partsOf } from '../ui/amount-presets.tsx';
import { OrderButton } from '../ui/order-button.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { Tokens } from '../ui/tokens.tsx';
import { type StakeDraft, stakeDraft } from './stake-draft.ts';

const MOVES = ['stake', 'unstake'] as const;
type Move = (typeof MOVES)[number];
const TITLES = { stake: 'Stake', unstake: 'Unstake' } as const;

interface StakeFormProps {
  readonly agentId: AgentId;
  readonly symbol: string;
  /** What has graduated takes no new stakes. */
  readonly mayStake: boolean;
  /** Tokens that are not at stake. */
  readonly free: TokenUnits;
  readonly staked: TokenUnits;
}

/** Puts tokens at stake and takes them back. */
export function StakeForm({ agentId, symbol, mayStake, free, staked }: StakeFormProps) {
  const [wanted, setMove] = useState<Move>('stake');
  const [text, setText] = useState('');
  const move = useStakeMove(agentId, symbol);
  const chosen = mayStake ? wanted : 'unstake';
  const available = chosen === 'stake' ? free : staked;
  const draft = stakeDraft(text, available);
  const place = (event: FormEvent): void => {
    event.preventDefault();
    if (draft.kind !== 'ready') return;
    // What was pressed is on its way; a second press would be a second order.
    setText('');
    move(chosen, draft.tokens);
  };
  return (
    <form className="stake-form" onSubmit={place}>
      {mayStake && (
        <Tabs
          label="Stake or unstake"
          options={MOVES}
          chosen={chosen}
          titleOf={(option) => TITLES[option]}
          onChoose={(option) => {
            setMove(option);
            setText('');
          }}
        />
      )}
      <AmountField
        label="Amount"
        unit={symbol}
        value={text}
        onChange={setText}
        aside={
          <span>
            <Tokens value={available} /> {chosen === 'stake' ? 'free' : 'staked'}
          </span>
        }
        note={draft.kind === 'refused' ? { tone: 'bad', text: draft.why } : null}
      >
        <AmountPresets
          label={`Part to ${chosen}`}
          presets={partsOf(available, TOKEN_DECIMALS)}
          chosen={text}
          onChoose={setText}
        />
      </AmountField>
      <OrderButton
        label={wordsOn(draft, chosen, symbol)}
        signInLabel={`Sign in to ${chosen}`}
        busyLabel={null}
        disabled={draft.kind !== 'ready'}
      />
    </form>
  );
}

const wordsOn = (draft: StakeDraft, move: Move, symbol: string): string =>
  draft.kind === 'ready' ? `${TITLES[move]} ${formatTokens(draft.tokens)} ${symbol}` : TITLES[move];

function useStakeMove(agentId: AgentId, symbol: string): (move: Move, tokens: TokenUnits) => void {
  const { client, orders } = useServices();
  return (move, tokens) => {
    const what = `${formatTokens(tokens)} ${symbol}`;
    const input = { agentId, tokens };
    if (move === 'stake') {
      void orders.place({
        pending: `Staking ${what}`,
        send: (clientOrderId) => client.stake.mutate({ ...input, clientOrderId }),
        done: ({ staked }) => ({
          title: `Staked ${what}`,
          detail: `Entry ${staked.seq.toLocaleString('en-US')}. You have ${formatTokens(staked.stake)} at stake.`,
        }),
      });
      return;
    }
    void orders.place({
      pending: `Unstaking ${what}`,
      send: (clientOrderId) => client.unstake.mutate({ ...input, clientOrderId }),
      done: ({ unstaked }) => ({
        title: `Unstaked ${what}`,
        detail: `Entry ${unstaked.seq.toLocaleString('en-US')}. You have ${formatTokens(unstaked.stake)} at stake.`,
      }),
    });
  };
}
