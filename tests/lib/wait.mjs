// Waiting for what happens elsewhere: in another process, or on the clock.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

// Ask again and again until the answer is truthy, and return it.
export async function until(what, condition, { withinMs = 15_000 } = {}) {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await condition();
    if (answer) return answer;
    assert.ok(Date.now() < deadline, `waited in vain until ${what}`);
    await pause(20);
  }
}

// Of a thread; undefined where it has ended.
function stateOf(pid, thread) {
  try {
    return /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8'))[1];
  } catch {
    return undefined;
  }
}

// Whether a process is stopped, with all of its threads.
export const isFrozen = (pid) => readdirSync(`/proc/${pid}/task`)
  .every((thread) => stateOf(pid, thread) === 'T');

// Stop a process.  On a busy machine its threads go on for some milliseconds
// after the signal was sent; here none does any more.
export async function freeze(pid) {
  process.kill(pid, 'SIGSTOP');
  await until(`${pid} has stopped`, () => isFrozen(pid));
}

// Wait until this machine's clock, which is the service's too, reads the time.
export async function clockReads(time) {
  const atMs = typeof time === 'number' ? time * 1000 : Date.parse(time);
  while (Date.now() < atMs) await pause(atMs - Date.now());
}

// Tokens count in whole seconds: who begins with a new one has all of it.
export const nextSecond = () => clockReads(Math.floor(Date.now() / 1000) + 1);
