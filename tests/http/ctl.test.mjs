// latchkeyctl as people and scripts meet it: help on every level, completion,
// JSON, exit codes.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { newEmail } from '../lib/people.mjs';
import { build, run, useService } from '../lib/service.mjs';

const service = await useService();
const { ctl } = service;

// ["user", "add"] of every command.
const commands = [...(await ctl(['--help'])).stdout.matchAll(/^ {2}([a-z]+)(?: ([a-z]+))?/gm)]
  .map(([, ...words]) => words.filter((word) => word !== undefined));

test('--help stands anywhere, and touches nothing', async () => {
  for (const words of [...commands, ...commands.map(([noun]) => [noun])]) {
    const { status, stdout, stderr } = await run(join(build, 'bin/latchkeyctl'),
      [...words, '--help'], { env: { STATE: '/nonexistent' } });
    assert.equal(status, 0, words.join(' '));
    assert.equal(stderr, '');
    assert.match(stdout, new RegExp(`^usage: latchkeyctl .*\\n\\n {2}${words[0]}`));
  }
});

test('a command that is none, or lacks its half, is said in one line', async () => {
  for (const words of [[], ['nope'], ['user'], ['user', 'nope'], ['-x'], ['nope', '--help']]) {
    const { status, stderr } = await ctl(words);
    assert.equal(status, 2, words.join(' '));
    assert.match(stderr, /^latchkeyctl: .+\n$/);
  }
});

test('an option that is none, or lacks its value, is said in one line', async () => {
  for (const words of commands) {
    const { status, stderr } = await ctl([...words, '--nope']);
    assert.equal(status, 2, words.join(' '));
    assert.match(stderr, /^latchkeyctl: --nope is not known here; see latchkeyctl .+\n$/);
  }
  const { status, stderr } = await ctl(['user', 'add', '--email']);
  assert.equal(status, 2);
  assert.equal(stderr, 'latchkeyctl: --email needs a value\n');
});

// What bash offers at the end of a line.
async function offered(line) {
  const words = line.split(' ');
  const { stdout, stderr } = await run('bash', ['-c', `
    source <("$0" completion bash)
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _latchkeyctl
    printf '%s\\n' "\${COMPREPLY[@]}"`, join(build, 'bin/latchkeyctl'), ...words],
  { env: { ...service.environment, PATH: process.env.PATH } });
  assert.equal(stderr, '');
  return stdout.split('\n').slice(0, -1);
}

test('bash completes nouns, verbs and options', async () => {
  assert.deepEqual(await offered('latchkeyctl ke'), ['key']);
  assert.deepEqual(await offered('latchkeyctl key ro'), ['rotate']);
  assert.deepEqual(await offered('latchkeyctl key rotate --n'), ['--now']);
  assert.deepEqual(await offered('latchkeyctl purge --'), ['--json', '--help']);
  const nouns = [...new Set(commands.map(([noun]) => noun))];
  assert.deepEqual((await offered('latchkeyctl ')).sort(), [...nouns, '--help'].sort());
});

test('a shell that is not known is refused', async () => {
  const { status, stderr } = await ctl(['completion', 'fish']);
  assert.equal(status, 2);
  assert.match(stderr, /fish is no shell known here/);
});

test('keys as JSON are those of the table', async () => {
  const { keys } = JSON.parse((await ctl(['key', 'list', '--json'])).stdout);
  const { stdout } = await ctl(['key', 'list']);
  assert.deepEqual(keys.map(({ id }) => id),
    stdout.split('\n').slice(1, -1).map((line) => line.split(/ +/)[1]));
  for (const key of keys) assert.equal(key.state, 'current');
});

test('exit codes: 3 for what is not there, 4 for what a rule forbids', async () => {
  const nobody = await ctl(['user', 'disable', '--email', newEmail()]);
  assert.equal(nobody.status, 3);
  const last = await ctl(['user', 'disable', '--email', 'admin@example.org']);
  assert.equal(last.status, 4);
  assert.match(last.stderr, /last active administrator/);
  assert.equal((await ctl(['key', 'retire', 'nope'])).status, 3);
  const { keys } = JSON.parse((await ctl(['key', 'list', '--json'])).stdout);
  assert.equal((await ctl(['key', 'retire', keys[0].id])).status, 4);
});
