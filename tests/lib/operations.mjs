// What the endpoints say about themselves: one row per operation.  path is as
// declared, perhaps with {id}; url is one that can be asked for.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build, run } from './service.mjs';

// An id that nobody has.
const someId = '01a20000-0000-7000-8000-000000000000';
export const fill = (path) => path.replaceAll(/\{[a-z]+\}/g, someId);

async function describe(program) {
  const { status, stdout, stderr } = await run(program, ['--describe']);
  assert.equal(status, 0, `${program} --describe: ${stderr}`);
  const { name, operations } = JSON.parse(stdout);
  return operations.map((operation) => ({ ...operation, endpoint: name, url: fill(operation.path) }));
}

const programs = readdirSync(join(build, 'cgi-bin')).filter((name) => name.endsWith('.fcgi'));

export const operations = (await Promise.all(
  programs.sort().map((name) => describe(join(build, 'cgi-bin', name))))).flat();

export const paths = [...new Set(operations.map(({ path }) => path))];

// Whether a path belongs to some operation, perhaps by its id.
export const isDeclared = (path) => paths.some((declared) =>
  new RegExp(`^${declared.replaceAll('.', '\\.').replaceAll(/\{[a-z]+\}/g, '[^/]+')}$`).test(path));

// "GET, HEAD, POST": the methods of a path, in the order they are declared.
export const allowed = (path) => operations.filter((operation) => operation.path === path)
  .flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');

export const takesBody = operations.filter(({ body }) => body !== 'none');

export const takesQuery = operations.filter(({ query }) => query.length > 0);
