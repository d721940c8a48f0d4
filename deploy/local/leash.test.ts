import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';

import { describe, expect, it } from '@jest/globals';

import { familyOf, leftOf } from '../../test/support/stack/processes.ts';
import { leash } from './leash.ts';

/** Ignores SIGTERM, and has a child of its own that does, too. */
const stubborn = "trap '' TERM; (while :; do sleep 0.1; done) & while :; do sleep 0.1; done";

describe('a leash', () => {
  it('hands on the status, the signal and the output of the program', async () => {
    const program = await leash({ command: 'sh', args: ['-c', 'echo "$0 $1"; exit 3', 'a b', '$c'], output: 'pipe' });
    const [line] = await once(program.stdout ?? process, 'data');
    expect(String(line)).toBe('a b $c\n');
    expect(await program.exited).toEqual({ code: 3, signal: null });

    const killed = await leash({ command: 'sleep', args: ['30'], output: 'pipe' });
    killed.signal('SIGKILL');
    expect(await killed.exited).toEqual({ code: null, signal: 'SIGKILL' });
    expect(killed.running()).toBe(false);
  });

  it('tells of a program that cannot be found', async () => {
    const program = await leash({ command: 'no-such-program', args: [], output: 'pipe' });
    const written = program.stderr?.toArray() ?? [];
    expect(await program.exited).toEqual({ code: 127, signal: null });
    expect(Buffer.concat(await written).toString()).toContain('no-such-program');
  });

  it('stops with SIGTERM, and with SIGKILL what does not heed it, leaving no watcher and no grandchild', async () => {
    const program = await leash({ command: 'sh', args: ['-c', stubborn], output: 'pipe', stopLimitMs: 300 });
    const family = await familyOf(program.pid);
    expect(family.size).toBeGreaterThan(1);
    expect(await program.stop()).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await leftOf(family, 3_000)).toEqual([]);
  }, 10_000);

  it('lets a program that stands still heed its signal', async () => {
    const heeding = "trap 'exit 7' TERM; echo ready; while :; do sleep 0.1; done";
    const program = await leash({ command: 'sh', args: ['-c', heeding], output: 'pipe', stopLimitMs: 3_000 });
    await once(program.stdout ?? process, 'data');
    program.signal('SIGSTOP');
    expect(await program.stop()).toEqual({ code: 7, signal: null });
  }, 10_000);

  it('ends the program, its children and itself when the parent is killed with SIGKILL', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'leash-'));
    const script = join(folder, 'parent.mjs');
    const options = { command: 'sh', args: ['-c', stubborn], output: 'pipe', stopLimitMs: 300 };
    const module = JSON.stringify(join(import.meta.dirname, 'leash.ts'));
    await writeFile(
      script,
      `import { leash } from ${module}; await leash(${JSON.stringify(options)}); console.log('leashed');`,
    );
    const parent = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script]);
    await once(parent.stdout, 'data');
    const family = await familyOf(parent.pid ?? 0);
    expect(family.size).toBeGreaterThan(3);
    parent.kill('SIGKILL');
    expect(await leftOf(family, 5_000)).toEqual([]);
    await rm(folder, { recursive: true });
  }, 15_000);
});
