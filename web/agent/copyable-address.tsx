import { Address } from '../ui/address.tsx';
import { CopyButton } from './copy-button.tsx';

interface CopyableAddressProps {
  readonly value: string;
  /** Whose it is, as the end of "Copy …". */
  readonly what: string;
}

/** An address, short, and a button that copies the whole of it. */
export function CopyableAddress({ value, what }: CopyableAddressProps) {
  return (
    <span className="copyable">
      <Address value={value} />
      <CopyButton value={value} what={what} />
    </span>
  );
}
