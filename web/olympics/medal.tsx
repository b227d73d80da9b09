import type { MedalKind } from '../../shared/olympics.ts';

export const MEDAL_WORDS: Readonly<Record<MedalKind, string>> = {
  gold: 'Gold',
  silver: 'Silver',
  bronze: 'Bronze',
};

/** A medal by its word and its shape: a star, a hexagon, a diamond. */
export function MedalTag({ medal }: { readonly medal: MedalKind }) {
  return (
    <span className="medal" data-medal={medal}>
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
        <path d={SHAPES[medal]} />
      </svg>
      {MEDAL_WORDS[medal]}
    </span>
  );
}

const SHAPES: Readonly<Record<MedalKind, string>> = {
  gold: 'M8 1.2 10 5.9l5 .4-3.8 3.3 1.2 4.9L8 11.9l-4.4 2.6 1.2-4.9L1 6.3l5-.4z',
  silver: 'M8 1.5 13.6 4.75v6.5L8 14.5 2.4 11.25v-6.5z',
  bronze: 'M8 1.5 14.5 8 8 14.5 1.5 8z',
};
