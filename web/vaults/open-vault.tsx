import { useForm } from 'react-hook-form';
import { NAME, PERFORMANCE_FEE_MAX_BPS, tidied } from '../../shared/agent-rules.ts';
import { vaultPath } from '../router.ts';
import { useServices } from '../services.ts';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/form-field.tsx';
import { OrderButton } from '../ui/order-button.tsx';
import { feeBpsOf } from './fee-text.ts';

interface VaultForm {
  readonly name: string;
  /** In percent, as it was typed. */
  readonly fee: string;
}

const FEE_WORDS = `must be 0 to ${PERFORMANCE_FEE_MAX_BPS / 100}, with two decimals at most`;

/** Asks what the vault is to be, opens it, and goes there. */
export function OpenVault({ onClose }: { readonly onClose: () => void }) {
  const { client, orders, router } = useServices();
  const { register, handleSubmit, formState } = useForm<VaultForm>({
    defaultValues: { name: '', fee: '10' },
  });
  const { errors, isSubmitting } = formState;

  const open = async ({ name: written, fee }: VaultForm): Promise<void> => {
    const name = tidied(written);
    const performanceFeeBps = feeBpsOf(fee);
    if (performanceFeeBps === null) return;
    const outcome = await orders.place({
      pending: `Opening ${name}`,
      send: (clientOrderId) => client.createVault.mutate({ clientOrderId, name, performanceFeeBps }),
      done: ({ vault }) => ({
        title: `${vault.name} is open`,
        detail: 'It is empty until somebody deposits.',
        link: { href: vaultPath(vault.vaultId), label: 'See the vault' },
      }),
    });
    if (outcome.kind !== 'done') return;
    onClose();
    router.navigate(vaultPath(outcome.answer.vault.vaultId));
  };

  return (
    <Dialog title="Open a vault" onClose={onClose}>
      <form className="dialog-form" noValidate onSubmit={(event) => void handleSubmit(open)(event)}>
        <TextField
          label="Name"
          hint="It cannot be changed later."
          problem={errors.name?.message}
          autoComplete="off"
          {...register('name', {
            validate: (text) => NAME.accepts(tidied(text)) || `The name ${NAME.words}.`,
          })}
        />
        <TextField
          label="Performance fee"
          unit="%"
          className="input-figure"
          inputMode="decimal"
          autoComplete="off"
          hint="Your part of the gains above the vault’s highest share value. You get it in shares."
          problem={errors.fee?.message}
          {...register('fee', { validate: (text) => feeBpsOf(text) !== null || `The fee ${FEE_WORDS}.` })}
        />
        <OrderButton
          label="Open the vault"
          signInLabel="Sign in to open a vault"
          busyLabel={isSubmitting ? 'Opening' : null}
        />
      </form>
    </Dialog>
  );
}
