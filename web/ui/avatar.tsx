import * as bottts from '@dicebear/bottts-neutral';
import { createAvatar } from '@dicebear/core';
import { useMemo } from 'react';

interface AvatarProps {
  /** What it is drawn from: the same text, the same face. */
  readonly seed: string;
  readonly size?: 'small' | 'usual' | 'large';
  /** An agent's own image; the drawn one where it has none. */
  readonly imageUrl?: string | null;
}

const PIXELS = { small: 24, usual: 32, large: 48 } as const;
const SIZES = { small: 'avatar avatar-small', usual: 'avatar', large: 'avatar avatar-large' } as const;

/** A face of its own for every agent, drawn here: nothing is loaded from elsewhere unless the agent has an image. */
export function Avatar({ seed, size = 'usual', imageUrl = null }: AvatarProps) {
  const pixels = PIXELS[size];
  const src = useMemo(() => imageUrl ?? draw(seed), [imageUrl, seed]);
  return (
    <img
      className={SIZES[size]}
      src={src}
      alt=""
      width={pixels}
      height={pixels}
      loading="lazy"
      decoding="async"
      referrerPolicy="no-referrer"
    />
  );
}

const draw = (seed: string): string => createAvatar(bottts, { seed, radius: 20 }).toDataUri();
