/** What can be heard. */
export type Tone = 'fill' | 'refusal' | 'graduation';

interface Note {
  readonly hertz: number;
  /** Seconds after the first one. */
  readonly after: number;
}

/** A fill goes up, a refusal down, a graduation is a chord that opens. */
const TONES: Readonly<Record<Tone, readonly Note[]>> = {
  fill: [
    { hertz: 660, after: 0 },
    { hertz: 880, after: 0.07 },
  ],
  refusal: [
    { hertz: 330, after: 0 },
    { hertz: 247, after: 0.09 },
  ],
  graduation: [
    { hertz: 523, after: 0 },
    { hertz: 659, after: 0.1 },
    { hertz: 784, after: 0.2 },
  ],
};
const LOUDNESS = 0.06;
const RISE_S = 0.01;
const LENGTH_S = 0.18;
/** Of one kind; several fills within it are one sound. */
const APART_MS = 150;

interface SoundPlatform {
  /** Whether the tone may be heard: set by the trader, and the page has been touched. */
  readonly mayPlay: () => boolean;
  readonly newContext: () => AudioContext;
  readonly now: () => number;
}

/** Short, quiet tones. Nothing is made until the first one may be heard. */
export class Sound {
  readonly #playedAt = new Map<Tone, number>();
  #context: AudioContext | null = null;

  constructor(private readonly platform: SoundPlatform) {}

  readonly play = (tone: Tone): void => {
    const { mayPlay, newContext, now } = this.platform;
    if (!mayPlay() || now() - (this.#playedAt.get(tone) ?? -Infinity) < APART_MS) return;
    this.#playedAt.set(tone, now());
    this.#context ??= newContext();
    const context = this.#context;
    // Browsers stop one that has had nothing to do; where it may not go on there is nothing to be heard.
    context.resume().catch(() => undefined);
    for (const { hertz, after } of TONES[tone]) ring(context, hertz, context.currentTime + after);
  };
}

/** One note that swells and fades: an edge would click. */
function ring(context: AudioContext, hertz: number, at: number): void {
  const oscillator = new OscillatorNode(context, { type: 'sine', frequency: hertz });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUDNESS, at + RISE_S);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + LENGTH_S);
  oscillator.connect(volume).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + LENGTH_S);
}

/** In the page, as the trader has set it. */
export const browserSound = (isOn: () => boolean): Sound =>
  new Sound({
    // Browsers let nothing be heard on a page that nobody has touched.
    mayPlay: () => isOn() && navigator.userActivation?.hasBeenActive !== false,
    newContext: () => new AudioContext(),
    now: Date.now,
  });
