// make counts: record how many instructions a request of each hot endpoint
// takes here, beside what is recorded of other environments.
import { existsSync, writeFileSync } from 'node:fs';
import { environment, known, measure, recorded, requests, settings } from './lib/hot.mjs';
import { startWorld } from './lib/world.mjs';

const world = await startWorld(settings);
try {
  const found = {};
  for (const [name, list] of Object.entries(await requests(world))) {
    found[name] = await measure(world, name, list);
    console.log(`${name.padEnd(10)} own ${found[name].own}, all ${found[name].all}`);
  }
  const all = existsSync(recorded) ? known() : {};
  all[await environment()] = found;
  writeFileSync(recorded, `${JSON.stringify(all, null, 2)}\n`);
} finally {
  await world.stop();
}
