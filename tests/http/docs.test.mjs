// What is written about Latchkey is true of it: lines to paste work, and lists
// of settings, commands and operations are those of the programs.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { build, cleanEnvironment, freePort, root, run, useService } from '../lib/service.mjs';

const service = await useService();

const read = (name) => readFileSync(join(root, name), 'utf8');
const ctl = async (...args) => (await run(join(build, 'bin/latchkeyctl'), args)).stdout;

const endpoints = await Promise.all(readdirSync(join(build, 'cgi-bin')).sort()
  .filter((name) => name.endsWith('.fcgi'))
  .map(async (name) => JSON.parse((await run(join(build, 'cgi-bin', name), ['--describe'])).stdout)));
const operations = endpoints.flatMap(({ name, operations: own }) =>
  own.map((operation) => ({ endpoint: name, ...operation })));

// --- Lines to paste -------------------------------------------------------

// The blocks of shell lines in a page, asked of our copy.
function shellLines(name, heading = '') {
  const text = read(name);
  const blocks = text.slice(text.indexOf(heading)).matchAll(/^```sh\n(.*?)^```$/gms);
  return [...blocks].map(([, lines]) => lines.replaceAll('http://127.0.0.1:8080', service.base));
}

// In a shell that stops at the first failure, with a curl that calls a
// refusal one.
const paste = (lines) => run('bash', ['-euo', 'pipefail', '-c',
  `curl() { command curl --fail-with-body "$@"; }\n${lines}`]);

test('the session in README.md works as pasted', async () => {
  const [lines] = shellLines('README.md', '## A session by curl');
  const parts = lines.trimEnd().split('\n');
  const last = parts.pop();
  const { status, stdout, stderr } = await paste(
    `${parts.join('\n')}\nset +e\n${last}\ntrue`);
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /"summary":"\w+"/);
  assert.match(stdout, /"code": "invalid_token"/);
});

test('the lines of coming-from-aspnet.md work as pasted, in order', async () => {
  const { status, stdout, stderr } = await paste(
    shellLines('docs/coming-from-aspnet.md').join('\n'));
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /"phone_number": "\+49 30 1234567"/);
});

test('the lines of GATE.md that show it work as pasted', async () => {
  const [first, session] = shellLines('docs/GATE.md', '## See it');
  const seen = await run('bash', ['-c', first.replace(/^make start$/m, '')]);
  assert.match(seen.stdout, /^HTTP\/1\.1 401 /);
  const { status, stdout, stderr } = await paste(session);
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /<h1>Behind the gate<\/h1>/);
  assert.match(stdout, /^X-Auth-Roles: USER\r$/m);
});

test('examples/flow.sh goes through and says so', async () => {
  const { status, stdout, stderr } = await run('examples/flow.sh', [],
    { env: cleanEnvironment({ BASE: service.base }) });
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /^All 9 steps answered as they should\.$/m);
});

test('examples/flow.sh says in one line that nothing runs', async () => {
  const { status, stdout, stderr } = await run('examples/flow.sh', [],
    { env: cleanEnvironment({ BASE: `http://127.0.0.1:${await freePort()}` }) });
  assert.equal(status, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /^flow\.sh: nothing answers at http:[^\n]+make run[^\n]+\n$/);
});

// --- www/openapi.yaml -----------------------------------------------------

const openapi = read('www/openapi.yaml');

// The lines below a line, as far as they are indented further.
function below(text, line) {
  const at = `\n${text}`.indexOf(`\n${line}\n`);
  assert.ok(at >= 0, `there is no line '${line}'`);
  const lines = text.slice(at + line.length + 1).split('\n');
  const indent = line.search(/\S/);
  const end = lines.findIndex((other) => other !== '' && other.search(/\S/) <= indent);
  return lines.slice(0, end < 0 ? undefined : end).join('\n');
}

const keysAt = (text, spaces) =>
  [...text.matchAll(new RegExp(`^ {${spaces}}'?([^\\s':]+)'?:`, 'gm'))].map(([, key]) => key);

test('openapi.yaml has exactly the operations that the executables declare', () => {
  const paths = below(openapi, 'paths:');
  const written = keysAt(paths, 2).flatMap((path) =>
    keysAt(below(paths, `  ${path}:`), 4).map((method) => `${method.toUpperCase()} ${path}`));
  assert.deepEqual(written.sort(),
    operations.map(({ method, path }) => `${method} ${path}`).sort());
});

for (const { method, path, success, auth, role, body, fields, query } of operations) {
  test(`openapi.yaml: ${method} ${path} is as declared`, () => {
    const text = below(below(openapi, `  ${path}:`), `    ${method.toLowerCase()}:`);
    const statuses = keysAt(below(text, '      responses:'), 8);
    assert.deepEqual(statuses.filter((status) => status < '400'), [String(success)]);
    assert.ok(statuses.includes('503'));
    assert.equal(statuses.includes('415'), body !== 'none');
    assert.equal(statuses.includes('422'), body !== 'form' && fields.length + query.length > 0);
    if (role !== null) assert.ok(statuses.includes('403'));
    assert.deepEqual([...text.matchAll(/name: (\w+)\n +in: query$|in: query\n +name: (\w+)$/gm)]
      .map(([, before, after]) => before ?? after).sort(), query.map(({ name }) => name).sort());
    assert.equal(text.includes('security: []'), auth === 'none');
    assert.equal(text.includes('- client: []'), auth.endsWith('client'));
    assert.equal(text.includes('x-www-form-urlencoded'), body === 'form');
    if (fields.length === 0) return;
    const schema = below(openapi, `    ${text.match(/schemas\/(\w+)'/)[1]}:`);
    assert.deepEqual(keysAt(below(schema, '      properties:'), 8),
      fields.map(({ name }) => name));
    const required = schema.match(/^ {6}required: \[(.*)\]$/m)?.[1].split(', ') ?? [];
    assert.deepEqual(required, fields.filter((field) => field.required).map(({ name }) => name));
  });
}

test('openapi.yaml words each problem as the service does', () => {
  const said = new Map([...read('src/errors.def').matchAll(
    /^ERROR\(\w+, "(\w+)", (\d+),\s+"([^"]*)",\s+"([^"]*)"\)/gm)]
    .map(([, code, ...rest]) => [code, rest]));
  const examples = [...openapi.matchAll(
    /type: urn:latchkey:problem:(\w+)\n +title: "(.*)"\n +status: (\d+)\n +detail: "(.*)"\n +code: (\w+)$/gm)];
  assert.ok(examples.length > 20);
  for (const [, type, title, status, detail, code] of examples) {
    assert.equal(type, code);
    assert.deepEqual([status, title, detail], said.get(code));
  }
});

// --- man ------------------------------------------------------------------

// A setting of the example file as latchkey.conf(5) has it.
function defaultLine(value, bounds) {
  if (bounds === undefined) return value === '' ? 'Default: empty.' : `Default ${value}.`;
  if (bounds.includes('|')) {
    const choices = bounds.split('|');
    const last = choices.pop();
    return `Default ${value}; ${choices.join(', ')} or ${last}.`;
  }
  return `Default ${value}; ${bounds.replace(/^(\d+ to \d+) (.*)$/, '$1 ($2)')}.`;
}

test('latchkey.conf(5) has every setting with its default and bounds', async () => {
  const expected = [];
  let comments = [];
  for (const line of (await ctl('config', 'example')).split('\n')) {
    const setting = line.match(/^#(\S+) = (.*)$/);
    if (setting) expected.push(`${setting[1]}: ${defaultLine(setting[2], comments[1])}`);
    else if (line.startsWith('## ')) expected.push(line);
    comments = line.startsWith('# ') ? [...comments, line.slice(2)] : [];
  }
  const page = read('man/latchkey.conf.5');
  const written = [...page.slice(page.indexOf('.Sh SETTINGS'), page.indexOf('.Sh FILES'))
    .matchAll(/^\.Ss (.*)$|^\.It Cm (\S+)$|^(Default.*)$/gm)];
  const lines = written.map(([, section, name, value]) =>
    (section ? `## ${section}` : name ?? `: ${value}`));
  assert.deepEqual(lines.join('\n').replaceAll('\n: ', ': ').split('\n'), expected);
});

test('latchkey(7) has every operation', () => {
  const written = [...read('man/latchkey.7').matchAll(/^\.It (\w+) : (\w+) (\S+)$/gm)];
  assert.deepEqual(written.map(([, ...parts]) => parts.join(' ')).sort(),
    operations.map(({ endpoint, method, path }) => `${endpoint} ${method} ${path}`).sort());
});

test('latchkeyctl(8) has every command', async () => {
  const help = await ctl('--help');
  const commands = [...help.matchAll(/^ {2}([a-z]+(?: [a-z]+)?)/gm)].map(([, name]) => name);
  const page = read('man/latchkeyctl.8');
  const written = [...page.slice(page.indexOf('.Ss Settings')).matchAll(/^\.It Cm ([a-z ]+?)(?: Ar .*)?$/gm)];
  assert.deepEqual(written.map(([, name]) => name).sort(), commands.sort());
});
