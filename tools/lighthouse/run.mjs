// make lighthouse: what Lighthouse says of the page, on a private copy.
//
// usage: node run.mjs DIRECTORY (where its package is installed)
//
// Every category must be 100; what takes a point is named.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { startService } from '../../tests/lib/service.mjs';

const require = createRequire(`${process.argv[2]}/package.json`);
const load = async (name) => import(pathToFileURL(require.resolve(name)));
const { default: lighthouse, desktopConfig } = await load('lighthouse');
const { launch } = await load('chrome-launcher');

const CATEGORIES = ['accessibility', 'best-practices', 'performance'];
const METRICS = ['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time',
  'cumulative-layout-shift', 'speed-index'];

const service = await startService();
const chrome = await launch({
  chromePath: '/usr/bin/chromium',
  chromeFlags: ['--headless=new', '--no-sandbox', '--disable-background-networking', '--disable-component-update'],
});
let isPerfect = true;

function tell(name, { categories, audits }) {
  const scores = CATEGORIES.map((id) => `${id} ${Math.round(categories[id].score * 100)}`);
  console.log(`${name}: ${scores.join(', ')}`);
  console.log(`  ${METRICS.map((id) => `${id} ${audits[id].displayValue}`).join(', ')}`);
  console.log(`  ${audits['total-byte-weight'].displayValue}`);
  for (const id of CATEGORIES) {
    if (categories[id].score === 1) continue;
    isPerfect = false;
    for (const { id: audit, weight } of categories[id].auditRefs) {
      const { score, title, displayValue = '' } = audits[audit];
      if (weight > 0 && score !== null && score < 1) console.log(`  - ${id}: ${title} ${displayValue}`);
    }
  }
}

try {
  for (const [name, config] of [['phone', undefined], ['desktop', desktopConfig]]) {
    const { lhr } = await lighthouse(`${service.base}/`, {
      port: chrome.port, onlyCategories: CATEGORIES, logLevel: 'error',
    }, config);
    tell(name, lhr);
  }
} finally {
  chrome.kill();
  await service.stop();
}
process.exitCode = isPerfect ? 0 : 1;
