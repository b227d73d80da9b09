import { type FormEvent, useState } from 'react';
import { formatSol } from '../../shared/format.ts';
import type { VaultDetail } from '../../shared/platform-schemas.ts';
import { formatDecimal, type Shares, SOL_DECIMALS } from '../../shared/units.ts';
import { useAccount } from '../live/hooks.ts';
import type { Failure } from '../orders/words.ts';
import { useServices, useSetting } from '../services.ts';
import { AmountField } from '../ui/amount-field.tsx';
import { OrderButton } from '../ui/order-button.tsx';
import { percent } from '../ui/percent.ts';
import { draftedDeposit } from './deposit-draft.ts';
import { exactShares, formatShares } from './share-text.ts';
import type { Stock } from './worth.ts';

interface DepositProps {
  readonly vault: VaultDetail;
  /** `null` while it is not known, such as right after the vault has bought an agent that the page has not seen. */
  readonly stock: Stock | null;
}

const WAITING = { kind: 'blank' } as const;

/** Puts SOL into a vault for shares. */
export function Deposit({ vault, stock }: DepositProps) {
  const { client, orders } = useServices();
  const slippageBps = useSetting((settings) => settings.slippageBps);
  const balance = useAccount().view?.sol ?? null;
  const [amount, setAmount] = useState('');
  const [isBusy, setBusy] = useState(false);
  const draft = stock === null ? WAITING : draftedDeposit(amount, { stock, balance, slippageBps });
  const gives = draft.kind === 'blank' ? null : draft.gives;
  const { vaultId, name } = vault;

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (draft.kind !== 'ready' || isBusy) return;
    const { sol, least: minShares } = draft;
    setBusy(true);
    const outcome = await orders.place({
      pending: `Depositing ${formatSol(sol)} SOL in ${name}`,
      send: (clientOrderId) => client.vaultDeposit.mutate({ clientOrderId, vaultId, sol, minShares }),
      done: ({ deposit }) => ({
        title: `Deposited ${formatSol(deposit.sol)} SOL for ${formatShares(deposit.shares)} shares`,
        detail: `In ${name}, entry ${deposit.seq.toLocaleString('en-US')}.`,
      }),
      refused: refusedDeposit,
    });
    setBusy(false);
    if (outcome.kind === 'done') setAmount('');
  };

  return (
    <form className="vault-form" onSubmit={(event) => void submit(event)}>
      <AmountField
        label="Deposit"
        unit="SOL"
        value={amount}
        onChange={setAmount}
        aside={
          balance !== null && (
            <span>
              You have <span className="figure">{formatSol(balance)}</span>
            </span>
          )
        }
        onMax={balance === null ? undefined : () => setAmount(formatDecimal(balance, SOL_DECIMALS))}
        note={draft.kind === 'refused' ? { tone: 'bad', text: draft.why } : null}
      />
      <dl className="sums">
        <ShareSum label="You get about" amount={gives} />
        <ShareSum
          label={`At least, with ${percent(slippageBps, 2)} slippage`}
          amount={draft.kind === 'ready' ? draft.least : null}
        />
      </dl>
      <OrderButton
        label={draft.kind === 'ready' ? `Deposit ${formatSol(draft.sol)} SOL` : 'Deposit'}
        signInLabel="Sign in to deposit"
        busyLabel={isBusy ? 'Depositing' : null}
        disabled={draft.kind !== 'ready'}
      />
    </form>
  );
}

function ShareSum({ label, amount }: { readonly label: string; readonly amount: Shares | null }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className="figure" title={amount === null ? undefined : exactShares(amount)}>
        {amount === null ? '—' : `${formatShares(amount)} shares`}
      </dd>
    </div>
  );
}

/** Against the limit, in shares as they are shown; in any other case what any order would say. */
function refusedDeposit({ rejection }: Failure) {
  if (rejection?.reason !== 'too_few_shares') return null;
  const { actual, minimum } = rejection;
  return {
    title: 'Share value moved',
    detail: `${formatShares(actual)} shares for it now, your limit was ${formatShares(minimum)}. Nothing was deposited.`,
  };
}
