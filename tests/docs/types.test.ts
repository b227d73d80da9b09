import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { anchors } from '../../server/docs/anchors.ts';
import { RAW_SIGN_IN, TYPED_SIGN_IN } from '../../server/docs/sections/signing-in.ts';
import { shown, theReference } from './shown-page.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Where the examples are compiled, as if they were files there. */
const fileOf = (name: string): string => `${ROOT}${name}-of-the-page.ts`;

/** What the compiler has against texts, by their names. */
function faultsOf(named: Readonly<Record<string, string>>): readonly string[] {
  const texts = new Map(Object.entries(named).map(([name, text]) => [fileOf(name), text]));
  const { config, error } = ts.readConfigFile(`${ROOT}tsconfig.json`, ts.sys.readFile);
  expect(error).toBeUndefined();
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  // The examples end where a reader's own code begins.
  const compiler = { ...options, noUnusedLocals: false, noUnusedParameters: false };
  const host = ts.createCompilerHost(compiler);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.getSourceFile = (path, ...rest) => {
    const text = texts.get(path);
    return text === undefined
      ? getSourceFile(path, ...rest)
      : ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  };
  const program = ts.createProgram([...texts.keys()], compiler, host);
  return [...texts].flatMap(([path, text]) => {
    const source = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText, start = 0 }) =>
        `${ts.flattenDiagnosticMessageText(messageText, '\n')} at ${JSON.stringify(text.slice(start, start + 60))}`,
    );
  });
}

// The compiler takes seconds, on a busy machine half a minute.
it('compiles every example on the page against the types of the API', () => {
  const reference = theReference();
  const page = shown(reference);
  const codeOf = (selector: string): string =>
    page.querySelector(`${selector} figure code`)?.textContent ?? '';
  const calls = reference.procedures.map(
    ({ name }) => `{\n${codeOf(`article:has(#${anchors.procedure(name)})`)}\n}`,
  );
  for (const call of calls) expect(call).toContain('client.');
  const start = codeOf('.hero + .pair');
  expect(start).toContain('createClient');
  // And one that is wrong, to see that it would be found.
  const wrong = 'void client.agent.query({ agentId: 1 });';
  const text = [start, "import { consumeLatest } from './shared/consume.ts';", ...calls, wrong].join('\n');
  const [typed, , raw] = [...page.querySelectorAll('section:has(#signing-in) figure code')].map(
    ({ textContent }) => textContent,
  );
  expect([typed, raw]).toEqual([TYPED_SIGN_IN, RAW_SIGN_IN]);
  const signIn = { 'typed-sign-in': TYPED_SIGN_IN, 'raw-sign-in': RAW_SIGN_IN };
  expect(faultsOf({ examples: text, ...signIn })).toEqual([expect.stringContaining('agentId: 1')]);
}, 120_000);
