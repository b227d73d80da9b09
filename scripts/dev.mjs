// Runs the server and the web app for development. When one ends, or on Ctrl-C, both do.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const PROGRAMS = [
  { name: 'server', command: 'tsx', args: ['watch', '--clear-screen=false', 'server/main.ts'] },
  { name: 'web', command: 'vite', args: [] },
];
/** How long a program may take to end by itself before it is killed. */
const GRACE_MS = 5_000;

const running = new Map();
let stopping = false;

function stop(signal) {
  if (stopping) return;
  stopping = true;
  for (const child of running.values()) child.kill(signal);
  setTimeout(() => {
    for (const child of running.values()) child.kill('SIGKILL');
  }, GRACE_MS).unref();
}

function ended(name, how, code) {
  running.delete(name);
  if (stopping) return;
  console.error(`dev: ${name} ended (${how}); stopping the rest`);
  process.exitCode = code === 0 ? 0 : 1;
  stop('SIGTERM');
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(signal));

for (const { name, command, args } of PROGRAMS) {
  // Started directly, not through npx, so that a signal reaches the program itself. Its input is closed:
  // two programs cannot share one keyboard.
  const child = spawn(`${root}node_modules/.bin/${command}`, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  running.set(name, child);
  child.on('error', (error) => ended(name, error.message, 1));
  child.on('exit', (code, signal) => ended(name, signal ?? `exit code ${code}`, code));
}
