import * as bottts from '@dicebear/bottts-neutral';
import { createAvatar } from '@dicebear/core';

interface AvatarProps {
  /** What it is drawn from: the same text, the same face. */
  readonly seed: string;
  readonly size?: 'small' | 'usual' | 'large';
  /** An agent's own image; the drawn one where it has none. */
  readonly imageUrl?: string | null;
}

const PIXELS = { small: 24, usual: 32, large: 48 } as const;
const SIZES = { small: 'avatar avatar-small', usual: 'avatar', large: 'avatar avatar-large' } as const;
/** More than a page shows. */
const KEPT = 500;
const drawn = new Map<string, string>();

/** A face of its own for every agent, drawn here: nothing is loaded from elsewhere unless the agent has an image. */
export function Avatar({ seed, size = 'usual', imageUrl = null }: AvatarProps) {
  const pixels = PIXELS[size];
  return (
    <img
      className={SIZES[size]}
      src={imageUrl ?? draw(seed)}
      alt=""
      width={pixels}
      height={pixels}
      loading="lazy"
      decoding="async"
      referrerPolicy="no-referrer"
    />
  );
}

function draw(seed: string): string {
  const known = drawn.get(seed);
  if (known !== undefined) return known;
  const face = createAvatar(bottts, { seed, radius: 20 }).toDataUri();
  if (drawn.size >= KEPT) {
    const [oldest] = drawn.keys();
    if (oldest !== undefined) drawn.delete(oldest);
  }
  drawn.set(seed, face);
  return face;
}
