// The demo page as files: every message it asks for is there, in every language,
// with the same blanks to fill in.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { root } from '../lib/service.mjs';

const www = join(root, 'www');
const read = (...path) => readFileSync(join(www, ...path), 'utf8');
const { default: english } = await import(join(www, 'lang/en.js'));
const languages = readdirSync(join(www, 'lang')).filter((name) => name !== 'en.js');

const html = read('index.html');
const inHtml = [...html.matchAll(/data-t(?:-label)?="([^"]+)"/g)].map(([, key]) => key);
const scripts = ['app.js', ...readdirSync(join(www, 'page')).map((name) => `page/${name}`)].map((name) => read(name)).join('\n');
const inScripts = [...scripts.matchAll(/\bt\('([^']+)'/g)].map(([, key]) => key);
const blanks = (text) => [...text.matchAll(/\{\w+\}/g)].map(([blank]) => blank).sort();

// A browser looks for /favicon.ico otherwise, and complains of a 404.
test('every page names its icon', () => {
  const pages = readdirSync(www, { recursive: true }).filter((name) => name.endsWith('.html'));
  assert.ok(pages.length >= 5);
  for (const page of pages) {
    const [, href] = /<link rel="icon" href="([^"]+)"/.exec(read(page)) ?? [];
    assert.ok(href, page);
    assert.ok(existsSync(href.startsWith('/') ? join(www, href) : join(www, dirname(page), href)), page);
  }
});

test('scripts ask for no message that English lacks', () => {
  assert.ok(inScripts.length > 80);
  assert.deepEqual([...new Set(inScripts)].filter((key) => !(key in english)), []);
});

for (const name of languages) {
  test(`${name} has every message, and the same blanks`, async () => {
    const { default: other } = await import(join(www, 'lang', name));
    const needed = [...new Set([...Object.keys(english), ...inHtml])];
    assert.deepEqual(needed.filter((key) => !(key in other)), []);
    // Beyond those, only what the server would say in English.
    const server = /^(problem|field)\./;
    assert.deepEqual(Object.keys(other).filter((key) => !needed.includes(key) && !server.test(key)), []);
    for (const [key, text] of Object.entries(english)) assert.deepEqual(blanks(other[key]), blanks(text), key);
  });

  test(`${name} knows every error of the service`, async () => {
    const { default: other } = await import(join(www, 'lang', name));
    const codes = [...readFileSync(join(root, 'src/errors.def'), 'utf8').matchAll(/^ERROR\(\w+, "(\w+)", (\d+)/gm)]
      .filter(([, , status]) => status >= '400').map(([, code]) => `problem.${code}`);
    assert.deepEqual(codes.filter((key) => !(key in other)), []);
  });
}
