import { z } from 'zod';

/** What a build of the web app is made of, as Vite writes it. */
export const manifestSchema = z.record(
  z.string(),
  z.object({
    file: z.string(),
    src: z.string().optional(),
    isEntry: z.boolean().default(false),
    isDynamicEntry: z.boolean().default(false),
    imports: z.array(z.string()).default([]),
  }),
);
export type Manifest = z.infer<typeof manifestSchema>;

/** `needed` for the page to be live; the rest comes later, or only where the app is developed. */
export type Purpose = 'needed' | 'chart' | 'development';

const OPTIONAL: readonly { readonly purpose: Purpose; readonly source: RegExp }[] = [
  { purpose: 'chart', source: /chart/i },
  { purpose: 'development', source: /(^|\/)wallet\/burner\b/ },
];

/** What each file is for. One that a needed part shares with another is needed. */
export function purposesOf(manifest: Manifest): ReadonlyMap<string, Purpose> {
  const purposes = new Map<string, Purpose>();
  const mark = (key: string, purpose: Purpose): void => {
    const chunk = manifest[key];
    if (chunk === undefined || purposes.has(chunk.file)) return;
    purposes.set(chunk.file, purpose);
    for (const imported of chunk.imports) mark(imported, purpose);
  };
  const roots = Object.entries(manifest)
    .filter(([, { isEntry, isDynamicEntry }]) => isEntry || isDynamicEntry)
    .map(([key, { src = key }]) => ({
      key,
      purpose: OPTIONAL.find(({ source }) => source.test(src))?.purpose ?? 'needed',
    }));
  for (const { key, purpose } of roots) if (purpose === 'needed') mark(key, purpose);
  for (const { key, purpose } of roots) mark(key, purpose);
  return purposes;
}
