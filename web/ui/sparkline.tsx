import './sparkline.css';

interface SparklineProps {
  /** Oldest first, evenly spaced in time. */
  readonly values: readonly bigint[];
}

/** Of the drawing, in units of its own: it is stretched to the place it gets. */
const WIDTH = 1_000;
const HEIGHT = 300;
/** Above and below the line, so that it is not cut off at its highest and lowest. */
const MARGIN = 20;

/** The course of a value as a small line, in the hue of where it went; what it shows is to be said in words beside it. */
export function Sparkline({ values }: SparklineProps) {
  const line = sparklinePath(values, { width: WIDTH, height: HEIGHT, margin: MARGIN });
  return (
    <svg
      className="sparkline"
      data-trend={trendOf(values)}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {line !== '' && (
        <>
          <path className="sparkline-area" d={`${line}V${HEIGHT}H0Z`} />
          <path className="sparkline-line" d={line} />
        </>
      )}
    </svg>
  );
}

interface Box {
  readonly width: number;
  readonly height: number;
  readonly margin: number;
}

/**
 * Values as a path of whole units: the first at the left edge, the last at the right, the highest on top, and a course
 * that never moved in the middle. Empty for fewer than two.
 */
export function sparklinePath(values: readonly bigint[], { width, height, margin }: Box): string {
  const [first] = values;
  if (first === undefined || values.length < 2) return '';
  let low = first;
  let high = first;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const span = high - low;
  const room = BigInt(height - 2 * margin);
  // In units of the drawing, all that is left of the amounts fits in a number.
  const yOf = (value: bigint): number =>
    span === 0n ? height / 2 : margin + Number(((high - value) * room) / span);
  const xOf = (index: number): number => Math.round((index * width) / (values.length - 1));
  return values.map((value, index) => `${index === 0 ? 'M' : 'L'}${xOf(index)} ${yOf(value)}`).join('');
}

function trendOf(values: readonly bigint[]): 'up' | 'down' | 'flat' {
  const first = values[0] ?? 0n;
  const last = values.at(-1) ?? 0n;
  if (first === last) return 'flat';
  return last > first ? 'up' : 'down';
}
