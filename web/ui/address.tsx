/** A base58 address, short; the whole of it as a tooltip. */
export function Address({ value }: { readonly value: string }) {
  return (
    <span className="figure address" title={value}>
      {value.slice(0, 4)}…{value.slice(-4)}
    </span>
  );
}
