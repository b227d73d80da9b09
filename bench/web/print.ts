import type { PageName } from './site.ts';

interface Measured {
  readonly page: PageName;
  readonly errors: readonly string[];
}

/** Prints a table with a column for each page, and what the pages have reported to be wrong. */
export function printByPage(title: string, measured: readonly Measured[]): void {
  const table: Record<string, Record<string, unknown>> = {};
  for (const { page, errors, ...values } of measured) {
    for (const [name, value] of Object.entries({ ...values, errors: errors.length })) {
      if (typeof value !== 'number') continue;
      table[name] = { ...table[name], [page]: value };
    }
    for (const error of errors) console.error(`${page}: ${error}`);
  }
  console.log(title);
  console.table(table);
}
