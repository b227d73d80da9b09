import type { ServerProcess } from '../server/process.ts';
import { within } from '../within.ts';
import { HONEST_TRADERS, type Target } from '../world.ts';
import { signedIn } from './trader.ts';
import { DOORS, Witness } from './witness.ts';

const PATIENCE_MS = 15_000;

/** Comes when all is over and uses every door once. @returns what did not work */
export async function newcomerProblems(server: ServerProcess, { port }: Target): Promise<string[]> {
  const problems: string[] = [];
  const attempt = async (what: string, use: () => Promise<boolean>): Promise<void> => {
    try {
      if ((await within(PATIENCE_MS, use())) !== true) problems.push(`a newcomer: ${what} does not work`);
    } catch (error) {
      problems.push(`a newcomer: ${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  await attempt('/health', async () => (await fetch(`http://127.0.0.1:${port}/health`)).ok);
  await attempt('a query', async () => {
    const tokens = await server.session(HONEST_TRADERS[0]);
    const { client, close } = signedIn({ url: `ws://127.0.0.1:${port}/trpc`, tokens });
    try {
      return (await client.account.query()) !== undefined;
    } finally {
      await close();
    }
  });
  for (const door of DOORS) {
    await attempt(door.path, async () => {
      const witness = new Witness(`ws://127.0.0.1:${port}`, door);
      const subscribed = await witness.sequence.reached(0);
      await witness.close();
      return subscribed;
    });
  }
  return problems;
}
