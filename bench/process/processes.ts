import { buildProcesses, type ProcessName } from './build.ts';
import { Child, type ChildOptions } from './child.ts';

/** Something that runs outside of this process and must not outlive the run it belongs to. */
export interface Killable {
  /** Settles when it has ended, whatever for; says how. */
  readonly ended: Promise<Error>;
  kill(): Promise<void>;
}

/** What one run starts. */
export class Run {
  readonly #started: Killable[] = [];
  #fail: (error: Error) => void = () => undefined;
  /** Rejects when something that the run has started ends before the run does. */
  readonly failure: Promise<never>;

  constructor() {
    this.failure = new Promise((_, reject) => {
      this.#fail = reject;
    });
  }

  start(name: ProcessName, options?: ChildOptions): Child {
    return this.adopt(new Child(name, options));
  }

  /** Has something ended with the run. */
  adopt<T extends Killable>(started: T): T {
    this.#started.push(started);
    void started.ended.then((error) => this.#fail(error));
    return started;
  }

  async end(): Promise<void> {
    await Promise.all(this.#started.map((started) => started.kill()));
  }
}

/** Builds the programs; the function it gives makes one run, whose processes are gone when it settles. */
export async function prepareRuns(
  names: readonly ProcessName[],
): Promise<<T>(use: (run: Run) => Promise<T>) => Promise<T>> {
  await buildProcesses(names);
  return async (use) => {
    const run = new Run();
    try {
      return await Promise.race([use(run), run.failure]);
    } finally {
      await run.end();
    }
  };
}
