// A figure and what it is measured beside, in turns.
import { processorsUsed, takenByOthers } from './machine.mjs';
import { processorUs } from './measure.mjs';
import { summary } from './report.mjs';

const roundMs = 1000;

// What the copy's processes take of the processors for each request: it says
// the same whoever else uses the machine.
async function accounted(world, action) {
  const before = processorUs(world.processes());
  const found = await action(world, roundMs);
  const own = found.cpu_us ?? 0;
  return { ...found, cpu_us: (processorUs(world.processes()) - before + own) / (found.all ?? found.count) };
}

// They take turns, and in who begins as well, so that whatever else the machine
// does while they run meets both; a first round that only warms up is not
// counted.
export async function measure(world, figure, rounds) {
  const list = [];
  const before = processorsUsed();
  for (let i = 0; i <= rounds * (figure.varies ? 2 : 1); i++) {
    const pair = {};
    for (const who of i % 2 === 0 ? ['bound', 'ours'] : ['ours', 'bound']) {
      if (who === 'ours') await figure.before?.(world);
      pair[who] = await accounted(world, figure[who]);
    }
    if (i > 0) list.push(pair);
  }
  return { ...summary(figure, list), taken_by_others: takenByOthers(before) };
}
