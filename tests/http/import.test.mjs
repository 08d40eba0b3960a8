// Users of other systems come in: latchkeyctl user import.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { aspnetV2, aspnetV3 } from '../lib/foreign.mjs';
import { csv, importer, jsonl, refusals } from '../lib/importing.mjs';
import { isOk } from '../lib/oracle.mjs';
import { api, newEmail, newPassword, newUsername } from '../lib/people.mjs';
import { isSanitized, root, run, sqlId, useService } from '../lib/service.mjs';

const service = await useService();
const { login, me } = api(service);
const { importFrom, imported, storedHash } = importer(service);

// A hash that matches nothing of interest, and is cheap.
const someHash = aspnetV2('nobody needs to know');
service.secrets.add(someHash);

test('all that a row may say arrives', async () => {
  const password = newPassword();
  const username = newUsername();
  const person = {
    email: `Ann.${newEmail()}`, username, passwordHash: aspnetV3(password),
    firstName: '=cmd|" /C calc"!A0', lastName: 'O\'Neil, "the\u00e9"', phoneNumber: '+49 30 1234567',
    age: 42, roles: ['user', 'Admin', 'USER'], status: 'active',
    createdAt: '2019-05-06T07:08:09.5+02:00',
  };
  await imported(person);
  const answer = await login({ username: username.toUpperCase(), password });
  isOk(answer);
  const { body } = await me(answer.body.accessToken);
  const { passwordHash, ...expected } = person;
  assert.deepEqual({ ...expected, roles: body.roles }, {
    ...Object.fromEntries(Object.keys(expected).map((name) => [name, body[name]])),
    createdAt: expected.createdAt,
  });
  assert.deepEqual(body.roles, ['ADMIN', 'USER']);
  assert.equal(body.createdAt, '2019-05-06T05:08:09Z');
  assert.deepEqual(await service.sql(
    `SELECT event, COALESCE(HEX(actor_id), 'nobody'), detail FROM audit
     WHERE user_id = ${sqlId(body.id)} ORDER BY id LIMIT 1`),
  [['user_imported', 'nobody', 'aspnet']]);
});

test('by CSV as well, with a BOM, line ends in cells, and empty lines', async () => {
  const emails = [newEmail(), newEmail(), newEmail()];
  const { stdout, stderr } = await importFrom('csv', [
    '\ufeffroles,email,"passwordHash",age,firstName,status', '',
    `,${emails[0]},${someHash},7,"Ann ""A""",disabled\r`,
    `"USER, ADMIN","${emails[1]}","${someHash}",,"","active"`, '', '\r',
    `,${emails[2]},${someHash},,,`,
  ].join('\n'));
  assert.equal(stderr, '');
  assert.equal(stdout, '3 imported, 0 skipped, 0 refused\n');
  assert.deepEqual(await service.sql(`SELECT u.email, u.status, COALESCE(u.age, '-'),
    COALESCE(u.first_name, '-'), GROUP_CONCAT(r.role_name ORDER BY r.role_name)
    FROM user u JOIN user_role r ON r.user_id = u.id
    WHERE u.email IN ('${emails.join("', '")}') GROUP BY u.id
    ORDER BY FIELD(u.email, '${emails.join("', '")}')`), [
    [emails[0], '0', '7', 'Ann "A"', 'USER'],
    [emails[1], '1', '-', '-', 'ADMIN,USER'],
    [emails[2], '1', '-', '-', 'USER'],
  ]);
});

const wrongCells = [
  [{ email: '' }, 'email is required'],
  [{ email: 'nobody' }, 'email is no e-mail address that is accepted here'],
  [{ email: 'a@example.org\r\nb@example.org' }, 'email is no e-mail address that is accepted here'],
  [{ email: `${'a'.repeat(250)}@example.org` }, 'email is no e-mail address that is accepted here'],
  [{ username: 'a b' }, /^username is no user name: /],
  [{ username: '\u0430dmin' }, /^username is no user name: /],
  [{ passwordHash: '' }, 'passwordHash is required'],
  [{ passwordHash: 'correct horse battery' }, 'passwordHash is of no scheme that is known here'],
  [{ passwordHash: '!kJh3' }, 'passwordHash is of no scheme that is known here'],
  [{ passwordHash: `$2b$31$${'A'.repeat(53)}` }, /^passwordHash asks for more memory or work /],
  [{ passwordHash: `$argon2id$${'A'.repeat(300)}` }, /^passwordHash is damaged: /],
  [{ passwordHash: `${someHash} ` }, /^passwordHash is damaged: /],
  [{ firstName: 'Ann\u0000' }, 'firstName holds hidden characters'],
  [{ firstName: 'a\nb' }, 'firstName holds hidden characters'],
  [{ lastName: '\u202eeel' }, 'lastName holds hidden characters'],
  [{ lastName: 'x'.repeat(101) }, 'lastName has more than 100 characters'],
  [{ phoneNumber: 'call me' }, /^phoneNumber is no telephone number: /],
  [{ age: '-1' }, 'age is no whole number from 0 to 150'],
  [{ age: '1e1' }, 'age is no whole number from 0 to 150'],
  [{ age: '151' }, 'age is no whole number from 0 to 150'],
  [{ roles: 'USER;ADMIN' }, 'roles are no names of roles separated by commas'],
  [{ roles: ',' }, 'roles are no names of roles separated by commas'],
  [{ roles: 'WIZARD' }, 'roles name one that does not exist'],
  [{ roles: Array.from({ length: 33 }, (_, i) => `R${i}`).join() }, 'roles are more than 32'],
  [{ status: 'gone' }, 'status is neither active nor disabled'],
  [{ createdAt: '2020-01-01' }, 'createdAt is no time like 2026-11-22T10:00:00Z'],
  [{ createdAt: '1969-12-31T23:59:59Z' }, 'createdAt lies before 1970 or in the future'],
  [{ createdAt: '2999-01-01T00:00:00Z' }, 'createdAt lies before 1970 or in the future'],
];
const names = ['email', 'username', 'passwordHash', 'firstName', 'lastName', 'phoneNumber', 'age',
  'roles', 'status', 'createdAt'];
const good = () => ({ email: newEmail(), passwordHash: someHash });

test('each bad row is told by its line and reason, and the good ones go in', async () => {
  const [first, last] = [good(), good()];
  const rows = [first, ...wrongCells.map(([cells]) => ({ ...good(), ...cells })), last];
  const text = csv(names, ...rows.map((row) => names.map((name) => row[name] ?? '')));
  const { status, stdout, stderr } = await importFrom('csv', text);
  assert.equal(status, 1);
  assert.equal(stdout, `2 imported, 0 skipped, ${wrongCells.length} refused\n`);
  // What the file has before a row tells its line.
  const lineOf = (index) => csv(names, ...rows.slice(0, index)
    .map((row) => names.map((name) => row[name] ?? ''))).split('\n').length;
  const said = new Map(refusals(stderr).map((line) => line.match(/^line (\d+): (.*)$/).slice(1)));
  wrongCells.forEach(([, reason], i) => {
    const what = said.get(String(lineOf(i + 1)));
    if (typeof reason === 'string') assert.equal(what, reason);
    else assert.match(what, reason);
  });
  assert.ok(await storedHash(first.email) && await storedHash(last.email));
  assert.ok(!stderr.includes(someHash) && !stderr.includes('correct horse'));
});

test('a JSON line that is none, or says more, is refused by itself', async () => {
  const lines = [
    [JSON.stringify(good())],
    ['{"email":', 'the row is no JSON object'],
    ['[]', 'the row is no JSON object'],
    ['{"email":"a@example.org","email":"b@example.org"}', 'the row is no JSON object'],
    [JSON.stringify({ ...good(), password: 'x' }), /^the row has a member of another name /],
    [JSON.stringify({ ...good(), firstName: 'a\u0000' }), 'the row is no JSON object'],
    [JSON.stringify({ ...good(), age: 1.5 }), 'age has a value of another type'],
    [JSON.stringify({ ...good(), age: null, roles: null })],
    [JSON.stringify({ ...good(), email: 7 }), 'email has a value of another type'],
    [JSON.stringify({ ...good(), roles: [1] }), 'roles are no names of roles separated by commas'],
    [JSON.stringify({ ...good(), roles: { a: 1 } }), 'roles has a value of another type'],
    [`{"email":"${'a'.repeat(70_000)}`, 'the row is longer than 64 KiB'],
    [JSON.stringify({ ...good(), age: '30' })],
  ];
  const { stdout, stderr } = await importFrom('jsonl', lines.map(([line]) => line).join('\n'));
  assert.equal(stdout, '3 imported, 0 skipped, 10 refused\n');
  const wrong = lines.flatMap(([, reason], i) => (reason ? [[i + 1, reason]] : []));
  refusals(stderr).forEach((line, i) => {
    const [number, reason] = wrong[i];
    assert.ok(line.startsWith(`line ${number}: `), line);
    const what = line.slice(`line ${number}: `.length);
    if (typeof reason === 'string') assert.equal(what, reason);
    else assert.match(what, reason);
  });
  const invalid = Buffer.concat([Buffer.from('email,passwordHash,firstName\n'),
    Buffer.from(`${newEmail()},${someHash},a`), Buffer.of(0xff), Buffer.from('\n')]);
  assert.deepEqual(refusals((await importFrom('csv', invalid)).stderr),
    ['line 2: firstName is no UTF-8']);
});

test('a file whose rows can not be told apart is read up to there', async () => {
  const row = () => `${newEmail()},${someHash}`;
  for (const [line, reason] of [
    [`"${newEmail()},${someHash}`, /quote that is never closed$/],
    [`${newEmail()},"${someHash}"x`, /something between a cell and the comma/],
    [`${newEmail()},a"b"`, /quote inside a cell that is not quoted$/],
    [`${newEmail()},"${'\n'.repeat(70_000)}"`, /longer than 64 KiB, or a quote in it is never closed$/],
    [`${newEmail()},${'a'.repeat(70_000)}`, /longer than 64 KiB/],
  ]) {
    const before = row();
    // Data that looks like a row of its own must not become one.
    const after = row();
    const { status, stdout, stderr } = await importFrom('csv',
      `email,passwordHash\n${before}\n${line}\n${after}\n`);
    assert.equal(status, 1);
    assert.equal(stdout, '1 imported, 0 skipped, 1 refused\n');
    const [what, rest] = refusals(stderr);
    assert.match(what, reason);
    assert.ok(what.startsWith('line 3: the row '), what);
    assert.match(rest, /^nothing from line 3 on was read: /);
    assert.ok(await storedHash(before.split(',')[0]));
    assert.equal(await storedHash(after.split(',')[0]), undefined);
  }
  const { stdout, stderr } = await importFrom('csv',
    `email,passwordHash\n${row()},x\n${newEmail()}\n${row()}\n`);
  assert.equal(stdout, '1 imported, 0 skipped, 2 refused\n');
  assert.match(stderr, /line 2: the row has more or fewer cells than the first line\n.*line 3: /);
});

test('docs/IMPORT.md names the columns that there are', async () => {
  const { stderr } = await importFrom('csv', 'shoeSize\n');
  const known = stderr.match(/these names: (.*)$/m)[1].split(', ');
  const page = readFileSync(join(root, 'docs/IMPORT.md'), 'utf8');
  const table = page.slice(page.indexOf('## The file'), page.indexOf('## Hashes'));
  const written = [...table.matchAll(/^\| (`.*?) \|/gm)]
    .flatMap(([, cell]) => cell.replaceAll('`', '').split(', '));
  assert.deepEqual(written.sort(), known.sort());
});

test('a first line that names no columns, or others, imports nothing', async () => {
  const row = `${newEmail()},${someHash}`;
  for (const [head, reason] of [
    [row, /^column 1 of the first line has none of these names: /],
    ['email,passwordHash,shoeSize', /^column 3 of the first line has none of these names: /],
    ['email,password', /^plain passwords are not imported; /],
    ['email,email', /^there are two columns email$/],
    ['email,username', /^the first line must name the columns, email and passwordHash /],
    ['Email,PasswordHash', /^column 1 of the first line has none /],
    ['"email', /^line 1 has a quote that is never closed$/],
    ['', /^column 1 of the first line has none /],
  ]) {
    const { status, stdout, stderr } = await importFrom('csv', `${head}\n${row}\n`);
    assert.deepEqual({ status, stdout }, { status: 1, stdout: '' }, head);
    assert.match(refusals(stderr)[0], reason);
  }
  assert.match((await importFrom('csv', '')).stderr, /the first line must name the columns/);
  assert.equal((await importFrom('jsonl', '')).stdout, '0 imported, 0 skipped, 0 refused\n');
});

test('again: who is in is skipped, or refused where that is asked for', async () => {
  const people = [good(), good()];
  const text = jsonl(...people);
  const { stdout, stderr } = await importFrom('jsonl', text);
  assert.equal(stdout + stderr, '2 imported, 0 skipped, 0 refused\n');
  const again = await importFrom('jsonl', text);
  assert.deepEqual([again.status, again.stdout, again.stderr],
    [0, '0 imported, 2 skipped, 0 refused\n', '']);
  const strict = await importFrom('jsonl', text, '--on-conflict', 'fail', '--json');
  assert.equal(strict.status, 1);
  assert.deepEqual(JSON.parse(strict.stdout),
    { imported: 0, skipped: 0, refused: 2, dryRun: false, complete: true });
  assert.deepEqual(refusals(strict.stderr),
    ['line 1: email has an account already', 'line 2: email has an account already']);
});

test('nobody is lost without a word: twice in the file, or another\'s user name', async () => {
  const ann = { ...good(), username: newUsername() };
  const { stdout, stderr } = await importFrom('jsonl', jsonl(ann, ann,
    { ...good(), email: ann.email.toUpperCase() }, { ...good(), username: ann.username.toUpperCase() }));
  assert.equal(stdout, '1 imported, 0 skipped, 3 refused\n');
  const twice = 'email has an account since this import began; is it in the file twice?';
  assert.deepEqual(refusals(stderr), [`line 2: ${twice}`, `line 3: ${twice}`,
    'line 4: username belongs to another account']);
});

test('a dry run says the same and writes nothing', async () => {
  const [known, fresh] = [good(), good()];
  await imported(known);
  const text = jsonl(known, fresh, { ...good(), roles: 'WIZARD' }, { ...good(), age: 'x' });
  const { status, stdout, stderr } = await importFrom('jsonl', text, '--dry-run');
  assert.equal(status, 1);
  assert.equal(stdout, '1 imported, 1 skipped, 2 refused (dry run: nothing was written)\n');
  assert.equal(await storedHash(fresh.email), undefined);
  const real = await importFrom('jsonl', text);
  assert.equal(real.stdout, '1 imported, 1 skipped, 2 refused\n');
  assert.deepEqual(refusals(real.stderr).sort(), refusals(stderr).sort());
});

test('a call that says too little or too much is told so', async () => {
  for (const [options, status, reason] of [
    [[], 2, /^which file\? give --csv FILE or --jsonl FILE$/],
    [['--csv', 'a', '--jsonl', 'b'], 2, /^give one file$/],
    [['--csv', '-', '--on-conflict', 'update'], 2, /^--on-conflict is skip or fail$/],
    [['--csv', '/nonexistent'], 1, /^\/nonexistent can't be opened: No such file or directory; /],
    [['--csv', '/'], 1, /^the file can't be read: Is a directory$/],
    [['--jsonl', '/'], 1, /^\/ can't be read to its end: Is a directory$/],
  ]) {
    const { status: actual, stderr } = await service.ctl(['user', 'import', ...options]);
    assert.equal(actual, status, options.join(' '));
    assert.match(refusals(stderr)[0], reason);
  }
});

test('a file by its name, of more rows than go into one transaction, each as long as may be', async () => {
  const letters = (first) => Array.from({ length: 50 }, (_, i) => String.fromCodePoint(first + i));
  const people = Array.from({ length: 501 }, (_, i) => ({
    email: `${newEmail(`${i}`).split('@')[0].padEnd(64, 'a')}@${'d'.repeat(60)}.${'d'.repeat(60)}.example`,
    username: `${newUsername()}-${'.a'.repeat(40)}`.slice(0, 64), passwordHash: someHash,
    firstName: letters(0x4e00 + i).join(' '), lastName: letters(0x5e00 + i).join(' '),
  }));
  const file = join(service.state, 'users.jsonl');
  writeFileSync(file, jsonl(...people));
  const { stdout, stderr } = await service.ctl(['user', 'import', '--jsonl', file]);
  assert.equal(stdout + stderr, '501 imported, 0 skipped, 0 refused\n');
  const [[count]] = await service.sql(`SELECT COUNT(*) FROM user u JOIN audit a ON a.user_id = u.id
    WHERE a.event = 'user_imported' AND u.email IN ('${people.map(({ email }) => email).join("','")}')`);
  assert.equal(count, '501');
});

test('a line without end costs no memory', { skip: isSanitized &&
  'a sanitizer reserves more address space than the limit' }, async () => {
  const program = join(service.state, 'app/bin/latchkeyctl');
  const { stdout, stderr } = await run('bash', ['-c',
    `{ head -c 1G /dev/zero | tr '\\0' a; echo; echo '${JSON.stringify(good())}'; } |
     { ulimit -v 200000; exec "$0" user import --jsonl -; }`, program],
  { env: { ...service.environment, PATH: process.env.PATH } });
  assert.equal(stdout, '1 imported, 0 skipped, 1 refused\n');
  assert.deepEqual(refusals(stderr), ['line 1: the row is longer than 64 KiB']);
});

test('without the database nothing is written, and the exit code says so', async () => {
  const person = good();
  await service.dbStop();
  const { status, stdout, stderr } = await importFrom('jsonl', jsonl(person));
  await service.dbStart();
  assert.equal(status, 5);
  assert.equal(stdout, '0 imported, 0 skipped, 0 refused\n');
  assert.match(stderr, /the rows from line 1 on were not written: the database does not answer; /);
  await imported(person);
});
