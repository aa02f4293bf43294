import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { freePorts } from '../../../infra/kafka/ports.ts';
import { SERVICE_NAMES } from '../../../infra/local/stack.ts';
import { openPage, startBrowser, wordsOf } from '../../browser/browser.ts';

const DEMO = join(import.meta.dirname, '../../../infra/local/demo.ts');
/** A day in twelve seconds. */
const SMALL = ['--scenario', 'small', '--seed', '11', '--speed', '7200'];
const OVER = 'it has ended';

interface Demo {
  consoleUrl: string;
  /** All that it has said, once it says this. */
  said(what: RegExp): Promise<string>;
  /** Processes below it that run now. */
  children(): number[];
  /** Ctrl-C as a terminal and the script that started it send it: twice. Resolves with the exit code when nothing holds its output open any more. */
  interrupt(): Promise<unknown>;
}

/** In a folder for its temporary files that is the test's own. */
async function withDemo(use: (demo: Demo) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'stillwatch-demo-test-'));
  const [port = 0] = await freePorts(1);
  const child = spawn(process.execPath, [DEMO, ...SMALL, '--console-port', String(port)], {
    stdio: ['ignore', 'inherit', 'pipe'],
    env: { ...process.env, TMPDIR: folder },
  });
  const lines = createInterface({ input: child.stderr });
  const closed = once(child, 'close');
  const heard: string[] = [];
  lines.on('line', (line) => {
    heard.push(line);
    lines.emit('heard');
  });
  lines.on('close', () => {
    heard.push(OVER);
    lines.emit('heard');
  });
  try {
    await use({
      consoleUrl: `http://127.0.0.1:${port}`,
      async said(what) {
        for (;;) {
          const text = heard.join('\n');
          if (what.test(text)) return text;
          assert.notEqual(heard.at(-1), OVER, text);
          await once(lines, 'heard');
        }
      },
      children: () => descendants(child.pid ?? 0),
      async interrupt() {
        child.kill('SIGINT');
        child.kill('SIGINT');
        return (await closed)[0];
      },
    });
    assert.deepEqual(await readdir(folder), []);
  } finally {
    child.kill('SIGKILL');
    await closed;
    await rm(folder, { recursive: true, force: true });
  }
}

interface Running {
  pid: number;
  parent: number;
}

/** A zombie has ended. */
function running(): Running[] {
  return execFileSync('ps', ['-e', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state = 'Z']) => !state.startsWith('Z'))
    .map(([pid, parent]) => ({ pid: Number(pid), parent: Number(parent) }));
}

function descendants(root: number): number[] {
  const all = running();
  const below = (above: number): number[] =>
    all.filter(({ parent }) => parent === above).flatMap(({ pid }) => [pid, ...below(pid)]);
  return below(root);
}

function survivors(pids: readonly number[]): number[] {
  const now = new Set(running().map(({ pid }) => pid));
  return pids.filter((pid) => now.has(pid));
}

test('the demo opens on the console with a campaign that goes on, and ends with all that it started', async () => {
  const browser = await startBrowser();
  try {
    await withDemo(async ({ consoleUrl, said, children, interrupt }) => {
      const told = await said(/#\/alerts\//);
      const id = /#\/alerts\/(\S+)/.exec(told)?.[1] ?? assert.fail(told);
      const exchanges = Number(/made (\d+) calls so far/.exec(told)?.[1]);
      const { page, wrong, close } = await openPage(browser, `${consoleUrl}/`);
      const row = `tr[data-alert="${id}"]`;
      await page.locator(row).waitFor();
      assert.match(await wordsOf(page.locator(row)), /page .*harvesting/);
      // From outside of the page, whose policy forbids to evaluate a text in it more than once.
      const shown = page.locator(`${row} td.number`).first();
      while (Number((await wordsOf(shown)).replaceAll(',', '')) <= exchanges) await page.waitForRequest(/api\/alerts/);
      assert.deepEqual(wrong, []);
      await close();
      await said(/It keeps running/);
      const started = children();
      assert.ok(started.length > SERVICE_NAMES.length, `${started.length} processes`);
      assert.equal(await interrupt(), 0);
      assert.deepEqual(survivors(started), []);
    });
  } finally {
    await browser.close();
  }
});

test('a demo that is interrupted while it starts leaves neither processes nor files', async () => {
  await withDemo(async ({ said, children, interrupt }) => {
    await said(/Creating topics/);
    const started = children();
    assert.notEqual(started.length, 0);
    assert.equal(await interrupt(), 0);
    assert.deepEqual(survivors(started), []);
  });
});
