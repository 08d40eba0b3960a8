// Places at the password hash, held from outside.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

// hold(number): as a process would that was stopped while it hashes there.
// Resolves with the function that gives the place back.
export const holder = (service) => async (number) => {
  const child = spawn('flock', [join(service.state, `run/hash-${number}.lock`),
    'sh', '-c', 'echo held; exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return async () => {
    child.stdin.end();
    await once(child, 'exit');
  };
};
