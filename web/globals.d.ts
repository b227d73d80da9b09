/** What this page was built for: `hash` of the query `contract` then. Put in by vite.config.ts. */
declare const __CONTRACT__: string;
