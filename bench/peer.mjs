// make bench-peer: beside a service of the same kind that one would write with
// fastify (bench/peer), on the same MariaDB, in turns.
//
// usage: node bench/peer.mjs
// E (a word of the figures' names; all), ROUNDS (9) and PROCESSES (2, of the
// peer) come from the environment; BUILD is build/bench.  Prints a table and
// writes BUILD/peer.json.
import { join, resolve } from 'node:path';
import { build, root } from '../tests/lib/service.mjs';
import { hashing, refreshing, refreshingInFlood } from './lib/figures.mjs';
import { pssOf, pssOfProcess, readyTogether, sum } from './lib/footprint.mjs';
import { describe } from './lib/machine.mjs';
import { wrk } from './lib/measure.mjs';
import { startPeer } from './lib/peer.mjs';
import { printFigure, printHead, write } from './lib/report.mjs';
import { measure } from './lib/turns.mjs';
import { startWorld } from './lib/world.mjs';

const only = process.env.E ?? '';
const rounds = Number(process.env.ROUNDS || 9);
const processes = Number(process.env.PROCESSES || 2);

// What people run: without the programs that only measure.
const world = await startWorld({}, resolve(root, process.env.SERVED ?? 'build'));
let peer;

// The same asked of both; least: how many times the peer's rate is asked for.
const figure = (name, least, ask) => ({
  name,
  ceiling: 'fastify',
  least,
  isMixed: true,
  ours: ask,
  bound: (_, ms) => ask(peer, ms),
});

const figures = [
  figure('refresh at 8', 2.5, refreshing(8)),
  figure('refresh at 32', 2.5, refreshing(32)),
  figure('refresh in flood', 1, refreshingInFlood),
  figure('login', 1, hashing(({ logins }) => logins)),
  figure('weather', 1, ({ service: { port }, token }) => wrk(port, '/api/weather', { token })),
].filter(({ name }) => name.includes(only));

const mib = (kib) => (kib / 1024).toFixed(1);
const report = { machine: await describe(), rounds, processes, figures: [] };
try {
  peer = await startPeer(world, processes);
  printHead();
  for (const each of figures) {
    const result = await measure(world, each, rounds);
    report.figures.push(result);
    printFigure(result);
  }
  report.memory_kib = {
    ours: sum(pssOf(world.service)) + pssOfProcess(world.processes()[0]),
    peer: peer.pids().map(pssOfProcess).reduce((a, b) => a + b),
  };
  report.ready_ms = { ours: await readyTogether(world.service), peer: peer.readyMs };
  console.log(`memory after it: ${mib(report.memory_kib.ours)} MiB, all endpoints and lighttpd; ` +
    `fastify ${mib(report.memory_kib.peer)} MiB`);
  console.log(`ready after ${report.ready_ms.ours} ms, all endpoints; fastify ${report.ready_ms.peer} ms`);
  write(join(build, 'peer.json'), report);
} finally {
  await peer?.stop();
  await world.stop();
}
