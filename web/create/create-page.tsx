import './create.css';
import { useEffect, useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { lengthOf, PURPOSE_LENGTH, SYMBOL_LENGTH } from '../../shared/agent-rules.ts';
import { formatSol } from '../../shared/format.ts';
import type { AgentId } from '../../shared/ids.ts';
import { useAccount } from '../live/hooks.ts';
import { agentPath } from '../router.ts';
import { useServices } from '../services.ts';
import { TextArea, TextField } from '../ui/form-field.tsx';
import { Link } from '../ui/link.tsx';
import { OrderButton } from '../ui/order-button.tsx';
import { Panel } from '../ui/panel.tsx';
import { useTitle } from '../ui/use-title.ts';
import { checks, type Draft, EMPTY_DRAFT, firstBuyOf, inputOf } from './draft.ts';
import { forgetDraft, keepDraft, keptDraft } from './kept-draft.ts';
import { Preview } from './preview.tsx';

/** A symbol that the server has refused, and whose it is. */
interface Taken {
  readonly symbol: string;
  readonly agentId: AgentId;
}

/** Asks what an agent is to be, shows what it will look like and what its first buy does, and creates it. */
export function CreatePage() {
  useTitle('Create an agent');
  const { client, orders, router } = useServices();
  const balance = useAccount().view?.sol ?? null;
  const [taken, setTaken] = useState<Taken | null>(null);
  const { register, control, handleSubmit, formState, setFocus } = useForm<Draft>({
    defaultValues: keptDraft(window),
    mode: 'onTouched',
  });
  const { errors, isSubmitting } = formState;
  const draft: Draft = { ...EMPTY_DRAFT, ...useWatch({ control }) };
  const { symbol, purpose } = draft;
  const kept = JSON.stringify(draft);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the draft is what it is written as
  useEffect(() => keepDraft(window, draft), [kept]);
  const firstBuy = firstBuyOf(draft.firstBuy, balance);
  const symbolField = register('symbol', { validate: checks.symbol });

  const create = async (written: Draft): Promise<void> => {
    const input = inputOf(written, firstBuyOf(written.firstBuy, balance));
    const outcome = await orders.place({
      pending: `Creating ${input.symbol}`,
      send: (clientOrderId) => client.createAgent.mutate({ clientOrderId, ...input }),
      done: ({ agent, firstBuy: bought }) => {
        const entry = `Entry ${agent.seq.toLocaleString('en-US')}`;
        return {
          title: `${agent.symbol} is created`,
          detail: bought === null ? `${entry}.` : `${entry}, with your first buy.`,
          link: { href: agentPath(agent.agentId), label: `See ${agent.symbol}` },
        };
      },
    });
    if (outcome.kind === 'done') {
      forgetDraft(window);
      router.navigate(agentPath(outcome.answer.agent.agentId));
      return;
    }
    const { rejection } = outcome.failure;
    if (rejection?.reason !== 'symbol_taken') return;
    setTaken(rejection);
    setFocus('symbol');
  };

  return (
    <main id="main" className="page-create">
      <header className="create-head">
        <h1>Create an agent</h1>
        <p className="muted">
          It gets a token that trades on a curve at once. You earn 0.3 % of every trade in it.
        </p>
      </header>
      <form className="create-form" noValidate onSubmit={(event) => void handleSubmit(create)(event)}>
        <Panel title="Who it is">
          <div className="create-fields">
            <TextField
              label="Name"
              hint="What people call it. It cannot be changed later."
              problem={errors.name?.message}
              autoComplete="off"
              {...register('name', { validate: checks.name })}
            />
            <TextField
              label="Symbol"
              className="input-figure"
              hint="2–10 of A–Z and 0–9. No two agents have the same."
              problem={
                taken !== null && taken.symbol === symbol ? (
                  <TakenNote taken={taken} />
                ) : (
                  errors.symbol?.message
                )
              }
              autoComplete="off"
              autoCapitalize="characters"
              spellCheck={false}
              maxLength={SYMBOL_LENGTH}
              {...symbolField}
              onChange={(event) => {
                event.target.value = event.target.value.toUpperCase();
                void symbolField.onChange(event);
              }}
            />
            <TextArea
              label="Purpose"
              hint="What it is for, in a sentence or two. May be left empty."
              problem={errors.purpose?.message}
              aside={
                <span className="figure">
                  {lengthOf(purpose)}/{PURPOSE_LENGTH}
                </span>
              }
              rows={4}
              {...register('purpose', { validate: checks.purpose })}
            />
            <TextField
              label="Image address"
              hint="An https URL. May be left empty."
              problem={errors.imageUrl?.message}
              type="url"
              inputMode="url"
              autoComplete="off"
              placeholder="https://"
              {...register('imageUrl', { validate: checks.imageUrl })}
            />
            <TextField
              label="Your first buy"
              unit="SOL"
              className="input-figure"
              hint="In the same step, so that nobody can be before you. May be left empty."
              problem={firstBuy.kind === 'refused' ? firstBuy.why : undefined}
              aside={
                balance !== null && (
                  <span>
                    You have <span className="figure">{formatSol(balance)}</span>
                  </span>
                )
              }
              inputMode="decimal"
              autoComplete="off"
              placeholder="0"
              {...register('firstBuy', { validate: (text) => firstBuyOf(text, balance).kind !== 'refused' })}
            />
          </div>
        </Panel>
        <div className="create-side">
          <Panel title="Preview">
            <div className="preview">
              <Preview draft={draft} firstBuy={firstBuy} />
              <OrderButton
                label={symbol === '' ? 'Create the agent' : `Create ${symbol}`}
                signInLabel="Sign in to create"
                busyLabel={isSubmitting ? 'Creating' : null}
              />
            </div>
          </Panel>
        </div>
      </form>
    </main>
  );
}

function TakenNote({ taken: { symbol, agentId } }: { readonly taken: Taken }) {
  return (
    <>
      {symbol} is the symbol of another agent. <Link href={agentPath(agentId)}>See {symbol}</Link>
    </>
  );
}
