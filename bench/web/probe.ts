import { epochMs } from './clock.ts';

/**
 * What runs in a measured page before its own program: counts frames and long tasks, and notes when a trade is on the
 * screen. The bench calls it by its global name.
 *
 * A row is on the screen when the frame that first has it is painted. The app renders in callbacks of animation frames;
 * style, layout and paint follow in the same turn of the event loop, and a message that was posted in the frame is
 * delivered after that turn. So what is added within a frame's callbacks counts at that frame's message, and what is
 * added at any other time at the message of the frame after. (Only what a task adds between a frame and its message is
 * noted a frame early; the app does not add rows in tasks.) What the compositor takes from there is not in it.
 */

/** What has been seen since `begin`. */
interface Seen {
  /** When each frame began, and how long each task took that was longer than 50 ms. */
  frames: number[];
  longTasks: number[];
  /** When what was first painted: a row of a tape by its seq, a figure by its agent and its exact value. */
  rows: Map<string, number>;
  figures: Map<string, number>;
}

const nothing = (): Seen => ({ frames: [], longTasks: [], rows: new Map(), figures: new Map() });

let seen = nothing();
let beganAt = performance.now();
let inFrame = false;
/** To be noted when the frame is painted that they are in. */
let inThisFrame: (() => void)[] = [];
let inTheNext: (() => void)[] = [];

const painted = new MessageChannel();
painted.port1.onmessage = () => {
  inFrame = false;
  const notes = inThisFrame;
  inThisFrame = [];
  for (const note of notes) note();
};

// It asks for the next frame in this one, before the app has asked for it: so it comes first in every frame.
const frame = (): void => {
  seen.frames.push(epochMs());
  inFrame = true;
  inThisFrame.push(...inTheNext);
  inTheNext = [];
  painted.port2.postMessage(null);
  requestAnimationFrame(frame);
};
requestAnimationFrame(frame);

function noteWhenPainted(kind: 'rows' | 'figures', key: string): void {
  const notes = inFrame ? inThisFrame : inTheNext;
  notes.push(() => {
    if (!seen[kind].has(key)) seen[kind].set(key, epochMs());
  });
}

function noteRow(element: Element): void {
  const seq = element.getAttribute('data-seq');
  if (seq !== null && element.classList.contains('tape-row')) noteWhenPainted('rows', seq);
}

/** The exact value of a figure is its title. */
function noteFigure(element: Element): void {
  const agent = element.closest('[data-agent]')?.getAttribute('data-agent');
  const title = element.getAttribute('title');
  if (agent !== null && agent !== undefined && title !== null) {
    noteWhenPainted('figures', `${agent} ${title}`);
  }
}

new MutationObserver((records) => {
  for (const { type, target, addedNodes } of records) {
    if (type === 'attributes') {
      if (!(target instanceof Element)) continue;
      noteRow(target);
      noteFigure(target);
      continue;
    }
    for (const node of addedNodes) {
      if (!(node instanceof Element)) continue;
      noteRow(node);
      // A list that is shown for the first time, or anew, comes with its rows.
      if (node.childElementCount > 0) for (const row of node.querySelectorAll('.tape-row')) noteRow(row);
    }
  }
}).observe(document, {
  subtree: true,
  childList: true,
  attributes: true,
  attributeFilter: ['data-seq', 'title'],
});

new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) {
    if (startTime >= beganAt) seen.longTasks.push(duration);
  }
}).observe({ type: 'longtask', buffered: true });

/** Forgets what was seen. @returns when that was */
const begin = (): number => {
  beganAt = performance.now();
  seen = nothing();
  return epochMs();
};

const report = () => ({
  endedMs: epochMs(),
  frames: seen.frames,
  longTasks: seen.longTasks,
  rows: [...seen.rows],
  figures: [...seen.figures],
});
export type ProbeReport = ReturnType<typeof report>;

Object.assign(globalThis, { benchProbe: { begin, report } });
