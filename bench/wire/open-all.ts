/** Connections that are being opened at the same time: fewer than a server's backlog. */
const AT_A_TIME = 100;

/** Opens `count` connections, some at a time. @throws when one cannot be opened */
export async function openAll<T>(count: number, open: (index: number) => Promise<T>): Promise<T[]> {
  const opened: T[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next; index < count; index = next) {
      next += 1;
      opened[index] = await open(index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_A_TIME, count) }, worker));
  return opened;
}
