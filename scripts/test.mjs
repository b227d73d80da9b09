// The whole gate: static checks, the build, then every test. All steps run even when an earlier one failed; the
// last line says how many static steps and tests passed and failed.
import { spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const REPORT = '.cache/vitest.json';
/** npm scripts, in order. The browser tests need the build. */
const STATIC_STEPS = [
  { title: 'Types', script: 'typecheck' },
  { title: 'Lint and format', script: 'lint' },
  { title: 'Boundaries', script: 'boundaries' },
  { title: 'Dead code', script: 'deadcode' },
  { title: 'Build', script: 'build' },
];

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

/** Runs a command with its output passed through; resolves to whether it ended with exit code 0. */
function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit' });
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(false);
    });
    child.on('close', (code) => resolve(code === 0));
  });
}

/** Runs vitest and counts what it reports. A crash, or a run without a test, counts as one failure. */
async function runTests() {
  await mkdir('.cache', { recursive: true });
  // A report of an earlier run must not stand in for this one.
  await rm(REPORT, { force: true });
  const args = [
    'run',
    '--allowOnly=false',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${REPORT}`,
  ];
  const ok = await run('npx', ['--no-install', 'vitest', ...args]);
  let report;
  try {
    report = JSON.parse(await readFile(REPORT, 'utf8'));
  } catch (error) {
    console.error(`vitest left no report: ${error.message}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const count = (status) => tests.filter((test) => test.status === status).length;
  // A file can fail with no failed test in it: it does not load, or a hook throws.
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const passed = count('passed');
  const skipped = tests.length - passed - count('failed');
  let failed = count('failed') + brokenFiles;
  if (passed + failed === 0) {
    console.error('vitest ran no test');
    failed = 1;
  } else if (!ok && failed === 0) {
    console.error('vitest failed outside of any test');
    failed = 1;
  }
  return { passed, failed, skipped };
}

const heading = (title) => console.log(`\n=== ${title} ===`);

const total = { passed: 0, failed: 0, skipped: 0 };
for (const { title, script } of STATIC_STEPS) {
  heading(title);
  const ok = await run('npm', ['run', '--silent', script]);
  if (ok) total.passed += 1;
  else total.failed += 1;
  console.log(`${title}: ${ok ? 'passed' : 'failed'}`);
}
heading('Tests');
const tests = await runTests();
for (const key of Object.keys(total)) total[key] += tests[key];

if (total.failed > 0) process.exitCode = 1;
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
