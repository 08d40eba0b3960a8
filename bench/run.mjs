// make bench: each figure beside its ceiling, measured in the same run.
//
// usage: node bench/run.mjs
// E (a word of the figures' names; all) and ROUNDS (9; twice as many of what
// varies most) come from the environment; BUILD is build/bench.  The table goes
// to standard output, all of it to BUILD/latest.json, and, of a whole run, a
// plot to BUILD/latest.svg.
import { join } from 'node:path';
import { build } from '../tests/lib/service.mjs';
import { figures } from './lib/figures.mjs';
import { footprint } from './lib/footprint.mjs';
import { describe } from './lib/machine.mjs';
import { plot } from './lib/plot.mjs';
import {
  printFigure, printFootprint, printHead, printUsers, write, writeText,
} from './lib/report.mjs';
import { measure } from './lib/turns.mjs';
import { measureUsers } from './lib/users.mjs';
import { startWorld } from './lib/world.mjs';

const only = process.env.E ?? '';
const rounds = Number(process.env.ROUNDS || 9);
const report = { machine: await describe(), rounds, figures: [] };

async function measureAll(list) {
  const world = await startWorld(list[0].settings);
  try {
    for (const figure of list) {
      const result = await measure(world, figure, rounds);
      report.figures.push(result);
      printFigure(result);
    }
  } catch (error) {
    console.error(world.service.logEnd());
    throw error;
  } finally {
    await world.stop();
  }
}

// One copy for all that have the same settings.
function groups(list) {
  const all = Map.groupBy(list, ({ settings = {} }) => JSON.stringify(settings));
  return [...all.values()];
}

const wanted = figures.filter(({ name }) => name.includes(only));
if (wanted.length > 0) printHead();
for (const group of groups(wanted)) await measureAll(group);
if ('footprint'.includes(only)) {
  report.footprint = await footprint();
  printFootprint(report.footprint);
}
if ('users'.includes(only)) {
  report.users = await measureUsers();
  printUsers(report.users);
}
write(join(build, 'latest.json'), report);
if (only === '') writeText(join(build, 'latest.svg'), plot(report));
const missed = report.figures.filter((figure) => !figure.is_reached).map(({ name }) => name);
console.log(missed.length === 0 ? 'every ratio is reached'
  : `below what is to be reached: ${missed.join(', ')}`);
