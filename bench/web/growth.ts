/** Something measured at a time, in minutes. */
export interface Sample {
  readonly minute: number;
  readonly value: number;
}

export interface Growth {
  /** A minute. */
  readonly slope: number;
  /** What the line has at the last sample beside what it has at the first: 1 is flat. */
  readonly ratio: number;
}

/** The straight line through the samples, by least squares. */
export function growthOf(samples: readonly Sample[]): Growth {
  const mean = (of: (sample: Sample) => number): number =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const middle = mean(({ minute }) => minute);
  const level = mean(({ value }) => value);
  const slope =
    mean(({ minute, value }) => (minute - middle) * (value - level)) /
    mean(({ minute }) => (minute - middle) ** 2);
  const at = (minute: number): number => level + slope * (minute - middle);
  return { slope, ratio: at(samples.at(-1)?.minute ?? middle) / at(samples[0]?.minute ?? middle) };
}
