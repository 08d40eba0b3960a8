// latchkeyctl as people and scripts meet it: help on every level, completion,
// JSON, exit codes.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import test from 'node:test';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api, newEmail, newPassword } from '../lib/people.mjs';
import { build, run, useService } from '../lib/service.mjs';

const service = await useService();
const { ctl } = service;
const { newcomer, login, me, refresh, session, post } = api(service);
const json = async (...args) => JSON.parse((await ctl([...args, '--json'])).stdout);
const rows = ({ stdout }) => stdout.split('\n').slice(1, -1).map((line) => line.split(/ {2,}/));

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

test('an id may begin with a dash, and with two behind --', async () => {
  const { status, stderr } = await ctl(['key', 'retire', 'x']);
  for (const [id, ...words] of [['-x', '-x'], ['--x', '--', '--x'], ['--', '--', '--']]) {
    const answer = await ctl(['key', 'retire', ...words]);
    assert.equal(answer.stderr, stderr.replace(/\bx\b/, id));
    assert.equal(answer.status, status);
  }
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

// --- People -----------------------------------------------------------------

test('a user is found by address, by user name and by id, in any case', async () => {
  const ann = await newcomer({ username: `ann-${Date.now()}`, firstName: 'Änn', age: 30 });
  for (const who of [ann.email, ann.email.toUpperCase(), ann.username, ann.user.id]) {
    assert.equal((await json('user', 'show', who)).id, ann.user.id, who);
  }
  assert.deepEqual(await json('user', 'show', '--email', ann.email), (await me(ann.accessToken)).body);
  const { stdout } = await ctl(['user', 'show', ann.user.id]);
  assert.match(stdout, /^first name {4}Änn$/m);
  assert.match(stdout, /^last name {5}-$/m);
  assert.equal((await ctl(['user', 'show', newEmail()])).status, 3);
  assert.equal((await ctl(['user', 'show'])).status, 2);
});

test('users are listed page by page, and found', async () => {
  const word = `zed${Date.now()}`;
  for (const n of [1, 2, 3]) await newcomer({ email: `${word}-${n}@example.org` });
  const all = [];
  let cursor;
  do {
    const page = await json('user', 'list', '--search', word, '--limit', '2',
      ...(cursor === undefined ? [] : ['--cursor', cursor]));
    all.push(...page.users);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  assert.deepEqual(all.map(({ email }) => email).sort(),
    [1, 2, 3].map((n) => `${word}-${n}@example.org`));
  const first = await ctl(['user', 'list', '--role', 'USER', '--status', 'active', '--limit', '1']);
  assert.equal(rows(first).length, 1);
  assert.match(first.stderr, /^there are more: --cursor \S+\n$/);
  for (const wrong of [['--limit', '0'], ['--limit', '201'], ['--limit', 'x'], ['--status', 'gone'],
    ['--cursor', 'nope']]) {
    assert.equal((await ctl(['user', 'list', ...wrong])).status, 2, wrong.join(' '));
  }
});

test('roles are made, given, taken and deleted; old access tokens die', async () => {
  const ann = await newcomer();
  assert.equal((await ctl(['role', 'add', 'EDITOR', '--description', 'Writes'])).status, 0);
  assert.equal((await ctl(['role', 'add', 'editor'])).status, 4);
  assert.equal((await ctl(['role', 'add', 'ed itor'])).status, 2);
  assert.equal((await ctl(['user', 'roles', ann.email, '--set', 'USER,EDITOR'])).stdout, 'EDITOR,USER\n');
  isProblem(await me(ann.accessToken), 'invalid_token');
  const { body } = await refresh(ann.refreshToken);
  assert.deepEqual(body.user.roles, ['EDITOR', 'USER']);
  assert.deepEqual(await json('user', 'roles', ann.email), { roles: ['EDITOR', 'USER'] });
  assert.equal((await ctl(['role', 'delete', 'EDITOR'])).status, 4);
  assert.equal((await ctl(['user', 'roles', ann.email, '--set', 'USER,NOPE'])).status, 2);
  assert.equal((await ctl(['user', 'roles', ann.email, '--set', 'USER'])).status, 0);
  assert.equal((await ctl(['role', 'delete', 'EDITOR'])).status, 0);
  assert.equal((await ctl(['role', 'delete', 'EDITOR'])).status, 3);
  assert.deepEqual((await json('role', 'list')).roles.map(({ name }) => name), ['ADMIN', 'USER']);
  assert.equal((await ctl(['user', 'roles', 'admin@example.org', '--set', 'USER'])).status, 4);
});

test('a password is set from standard input, and all sessions end', async () => {
  const ann = await newcomer();
  const password = newPassword();
  service.secrets.add(password);
  const short = await ctl(['user', 'password', ann.email, '--password-stdin'], { input: 'short\n' });
  assert.equal(short.status, 2);
  assert.match(short.stderr, /too short/);
  const set = await ctl(['user', 'password', ann.email, '--password-stdin'], { input: `${password}\n` });
  assert.deepEqual(set, { status: 0, stdout: '', stderr: '' });
  isProblem(await me(ann.accessToken), 'invalid_token');
  isProblem(await refresh(ann.refreshToken), 'session_ended');
  isProblem(await login({ email: ann.email, password: ann.password }), 'invalid_credentials');
  isOk(await login({ email: ann.email, password }));
});

// --- Sessions, tokens, the audit trail ----------------------------------------

test('sessions are listed and ended, one or all', async () => {
  const ann = await newcomer();
  const second = await session(ann);
  const { sessions } = await json('session', 'list', ann.email);
  assert.deepEqual(sessions.map(({ id }) => id), [second.sessionId, ann.sessionId]);
  assert.deepEqual(rows(await ctl(['session', 'list', ann.email])).map(([id]) => id),
    sessions.map(({ id }) => id));
  assert.equal((await ctl(['session', 'end', ann.sessionId])).status, 0);
  assert.equal((await ctl(['session', 'end', ann.sessionId])).status, 3);
  assert.equal((await ctl(['session', 'end', 'nope'])).status, 3);
  isProblem(await me(ann.accessToken), 'invalid_token');
  isOk(await me(second.accessToken));
  assert.equal((await ctl(['session', 'end', '--all-of', ann.email])).status, 0);
  isProblem(await me(second.accessToken), 'invalid_token');
  assert.deepEqual((await json('session', 'list', ann.email)).sessions, []);
  assert.equal((await ctl(['session', 'end'])).status, 2);
  assert.equal((await ctl(['session', 'end', ann.sessionId, '--all-of', ann.email])).status, 2);
});

const inspect = (token, ...more) => ctl(['token', 'inspect', ...more], { input: `${token}\n` });

test('a token is inspected: what it says, and whether it passes', async () => {
  const ann = await newcomer();
  const good = await inspect(ann.accessToken, '--json');
  assert.equal(good.status, 0);
  const { kind, verdict, header, claims, introspection } = JSON.parse(good.stdout);
  assert.equal(kind, 'access');
  assert.equal(verdict, 'genuine and in time');
  assert.equal(header.typ, 'at+jwt');
  assert.equal(claims.sub, ann.user.id);
  assert.equal(introspection.active, true);
  assert.match((await inspect(ann.accessToken)).stdout, /^accepted now {2}yes$/m);
  assert.equal((await inspect(ann.refreshToken)).status, 0);
  assert.equal((await inspect(`${ann.accessToken.slice(0, -9)}AAAAAAAAA`)).status, 4);
  isOk(await post('/api/auth/logout', undefined, { token: ann.accessToken }), 204);
  for (const token of [ann.accessToken, ann.refreshToken]) {
    const dead = await inspect(token);
    assert.equal(dead.status, 4);
    assert.match(dead.stdout, /^accepted now {2}no$/m);
  }
});

test('what is no token is refused, and can not steer a terminal', async () => {
  const evil = (text) => `${Buffer.from(text).toString('base64url')}.e30.x`;
  for (const token of ['', 'x', 'a.b.c', '..', evil('{"alg":"\u009b31m"}'), evil('\u001b[31m'),
    'x'.repeat(100_000), '\0\0.\0']) {
    const { status, stdout, stderr } = await inspect(token);
    assert.ok(status === 4 || status === 1, `${token.slice(0, 20)}: ${status} ${stderr}`);
    assert.doesNotMatch(stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  }
});

test('the audit trail is read, filtered, and followed', async () => {
  const ann = await newcomer();
  isProblem(await login({ email: ann.email, password: newPassword() }), 'invalid_credentials');
  const tail = async (...args) => (await ctl(['audit', 'tail', '--json', ...args])).stdout
    .split('\n').slice(0, -1).map((line) => JSON.parse(line));
  assert.deepEqual((await tail('--user', ann.email)).map(({ event }) => event),
    ['registered', 'login_ok', 'login_failed']);
  assert.deepEqual((await tail('--user', ann.email, '--event', 'login_ok')).map(({ sessionId }) => sessionId),
    [ann.sessionId]);
  assert.equal((await tail('--lines', '2')).length, 2);
  assert.match((await ctl(['audit', 'tail', '--lines', '1'])).stdout,
    new RegExp(`^\\S+Z {2}login_failed +${ann.user.id} {2}127.0.0.1\\b.*\n$`));
  assert.equal((await ctl(['audit', 'tail', '--lines', '0'])).status, 2);

  const follower = spawn(join(service.state, 'app/bin/latchkeyctl'),
    ['audit', 'tail', '--json', '--lines', '1', '--follow', '--user', ann.email],
    { env: service.environment, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: follower.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value).event;
  assert.equal(await next(), 'login_failed');
  isOk(await post('/api/auth/logout', undefined, { token: ann.accessToken }), 204);
  assert.equal(await next(), 'logout');
  follower.kill();
});
