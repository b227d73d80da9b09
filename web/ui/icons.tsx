/** Drawn in the colour of the text around them; what they say is always said in words too. */
const common = {
  width: 12,
  height: 12,
  viewBox: '0 0 12 12',
  'aria-hidden': true,
  focusable: false,
} as const;

export function ArrowUp() {
  return (
    <svg {...common} role="presentation">
      <path d="M6 2.2 10 7H7.2v3H4.8V7H2z" fill="currentColor" />
    </svg>
  );
}

export function ArrowDown() {
  return (
    <svg {...common} role="presentation">
      <path d="M6 9.8 2 5h2.8V2h2.4v3H10z" fill="currentColor" />
    </svg>
  );
}

export function ArrowLeft() {
  return (
    <svg {...common} role="presentation">
      <path d="M7.5 2.5 4 6l3.5 3.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
    </svg>
  );
}

/** The mark: a curve that leaves its box. */
export function Mark() {
  return (
    <svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true" focusable="false" role="presentation">
      <path d="M3 21h18" stroke="currentColor" strokeWidth="1.5" opacity="0.35" />
      <path
        d="M3 18.5C12 18.5 15.5 14 17 3.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.25"
        strokeLinecap="round"
      />
      <circle cx="17.5" cy="3.8" r="2.6" fill="var(--accent)" />
    </svg>
  );
}
