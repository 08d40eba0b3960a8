// What is measured, each beside its ceiling, and what is to be reached.
import { chains, hash, load, raw, wrk } from './measure.mjs';

const flood = 32;
const logins = 8;
const hashMs = 2000;
// Beyond the time of the refreshes, whose sessions have to be opened first.
const floodMs = 3000;
// More tokens than any cache of verified ones holds.
const coldTokens = 40_000;

const bearer = (path) => (token) => `GET ${path} ${token} -`;
const cold = (world, path) => {
  world.cold ??= world.tokens(coldTokens);
  return world.cold.map(bearer(path));
};

// A ratio beside its ceiling, which gets the same requests, token and all.
// settings: those of the copy it is measured on; least: the ratio to be reached;
// mostP99: as a multiple of the ceiling's; varies: more rounds of it are needed.
const warm = (name, path, ceiling, ceilingPath, least) => ({
  name,
  ceiling,
  least,
  varies: true,
  what: `GET ${path}, one token, ${flood} connections`,
  ours: (w) => wrk(w.service.port, path, { token: w.token, connections: flood }),
  bound: (w) => wrk(w.service.port, ceilingPath(w), { token: w.token, connections: flood }),
});

const rotation = (connections) => ({
  name: `refresh at ${connections}`,
  ceiling: 'raw UPDATE',
  least: 0.55,
  mostP99: 3,
  varies: true,
  what: `POST /api/auth/refresh, ${connections} connections, a chain each`,
  before: async (w) => { w.chains = await w.refreshes(connections); },
  ours: (w, ms) => chains(w.service.port, connections, ms, w.chains),
  bound: (w, ms) => raw(w, connections, ms),
});

// Asked of a world, or of the peer beside it.
export const refreshing = (connections) => async (w, ms) =>
  chains(w.service.port, connections, ms, await w.refreshes(connections));
export const refreshingInFlood = async (w, ms) => (await Promise.all([
  refreshing(logins)(w, ms),
  // Other people: whoever logs in holds the row that their refresh reads.
  load(w.service.port, logins, ms + floodMs, w.logins.slice(logins)),
]))[0];
export const hashing = (lines) => (w) => load(w.service.port, logins, hashMs, lines(w));

// What is left of refreshes while others log in; nothing is to be reached.
const flooded = {
  name: 'refresh in flood',
  ceiling: 'refresh at 8',
  // The processors' time is the logins', too.
  isMixed: true,
  what: `refresh at ${logins} connections while ${logins} others log in all the time`,
  ours: refreshingInFlood,
  bound: refreshing(logins),
};

let registered = 0;
const person = () => JSON.stringify({
  email: `new-${process.pid}-${registered++}@example.org`,
  password: 'correct horse battery staple',
});
const registrations = () => Array.from({ length: 2000 }, () =>
  `POST /api/auth/register - ${person()}`);

const besideHash = (name, lines) => ({
  name,
  ceiling: 'argon2id',
  // 0.95 was asked for; with the memory of the hash before there is more.
  least: 1.3,
  what: `POST /api/auth/${name}, ${logins} connections`,
  ours: hashing(lines),
  bound: () => hash('bare', hashMs),
});

// What the memory of the hash before is worth; nothing is to be reached.
const keptMemory = {
  name: 'argon2id, kept',
  ceiling: 'argon2id',
  what: 'the hash of login and register without anything else',
  ours: () => hash('kept', hashMs),
  bound: () => hash('bare', hashMs),
};

const hello = () => '/bench/hello';

export const figures = [
  warm('weather', '/api/weather', 'hello', hello, 0.9),
  warm('me', '/api/users/me', 'hello + SELECT', (w) => `/bench/select/${w.userId}`, 0.9),
  {
    name: 'weather cold',
    ceiling: 'hello',
    least: 0.9,
    varies: true,
    settings: { LATCHKEY_TOKEN_ALG: 'HS256' },
    what: `GET /api/weather, HS256, each of ${coldTokens} tokens in turn, ${flood} connections`,
    ours: (w, ms) => load(w.service.port, flood, ms, cold(w, '/api/weather')),
    bound: (w, ms) => load(w.service.port, flood, ms, cold(w, hello())),
  },
  warm('verify', '/auth/verify', 'hello', hello, 0.9),
  warm('gate', '/private/', 'allow', () => '/private/index.html', 0.85),
  rotation(8),
  rotation(32),
  flooded,
  besideHash('login', (w) => w.logins),
  besideHash('register', registrations),
  keptMemory,
];
