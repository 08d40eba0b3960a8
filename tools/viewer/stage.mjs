// Lay out what is served below /docs/: the page of the viewer, and of its
// package only the files that the page loads, with their license.
//
// usage: node stage.mjs PACKAGE DIRECTORY
//
// The style sheet has its images inside, as data: addresses, which a strict
// Content-Security-Policy does not let in; each becomes a file beside it.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [from, to] = process.argv.slice(2);
const here = import.meta.dirname;
const viewer = join(to, 'viewer');
const KINDS = { 'image/svg+xml': 'svg', 'image/png': 'png', 'image/jpeg': 'jpg' };

const images = new Map();

function fileOf(address) {
  const [, type, encoding, data] = address.match(/^data:([^;,]+)((?:;[^;,]+)*),(.*)$/s);
  if (!(type in KINDS)) throw new Error(`an image of type ${type}`);
  if (!images.has(address)) {
    const name = `image-${images.size + 1}.${KINDS[type]}`;
    const bytes = encoding.endsWith(';base64') ? Buffer.from(data, 'base64')
      : Buffer.from(decodeURIComponent(data));
    writeFileSync(join(viewer, name), bytes);
    images.set(address, name);
  }
  return `url("${images.get(address)}")`;
}

mkdirSync(viewer, { recursive: true });
const css = readFileSync(join(from, 'swagger-ui.css'), 'utf8')
  .replace(/\/\*# sourceMappingURL=.*\*\//, '')
  .replace(/url\("(data:(?:[^"\\]|\\.)*)"\)/g, (_, address) => fileOf(address.replaceAll('\\"', '"')))
  .replace(/url\((data:[^)"]*)\)/g, (_, address) => fileOf(address));
if (css.includes('data:')) throw new Error('the style sheet has data: addresses of a new form');
writeFileSync(join(viewer, 'swagger-ui.css'), css);

const script = readFileSync(join(from, 'swagger-ui-bundle.js'), 'utf8');
writeFileSync(join(viewer, 'swagger-ui-bundle.js'), script.replace(/\n\/\/# sourceMappingURL=.*/, ''));
for (const name of ['LICENSE', 'NOTICE', 'swagger-ui-bundle.js.LICENSE.txt']) {
  copyFileSync(join(from, name), join(viewer, name.endsWith('.txt') ? name : `${name}.txt`));
}
for (const name of ['index.html', 'viewer.js', 'viewer.css']) copyFileSync(join(here, name), join(to, name));
