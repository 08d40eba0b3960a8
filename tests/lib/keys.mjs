// Keys as latchkeyctl shows and turns them.
import assert from 'node:assert/strict';

export function keyring(service) {
  // Seconds that a key is published before it signs, where not the default.
  async function key(verb, args = [], publishS) {
    const env = { ...service.environment };
    if (publishS !== undefined) env.LATCHKEY_KEYS_PUBLISH_S = String(publishS);
    return service.ctl(['key', verb, ...args], { env });
  }

  async function list(kind) {
    const { status, stdout, stderr } = await key('list');
    assert.equal(status, 0, stderr);
    const [head, ...lines] = stdout.trimEnd().split('\n');
    assert.match(head, /^USE +ID +ALG +STATE +SIGNS FROM$/);
    return lines.map((line) => line.split(/ +/))
      .filter(([use]) => use === kind)
      .map(([, id, alg, state, signsFrom]) => ({ id, alg, state, signsFrom }));
  }

  // The id of the new key.
  async function rotate(args = [], publishS) {
    const { status, stdout, stderr } = await key('rotate', args, publishS);
    assert.equal(status, 0, stderr);
    const [, id] = /^(\S+) is published and signs from \S+Z\n$/.exec(stdout);
    return id;
  }

  async function retire(id) {
    const { status, stdout, stderr } = await key('retire', [id]);
    assert.equal(status, 0, stderr);
    assert.equal(stdout, `${id} is retired: nothing made with it is accepted\n`);
  }

  // A refusal: the one line on standard error.
  async function refusal(verb, args, publishS) {
    const { status, stdout, stderr } = await key(verb, args, publishS);
    assert.ok([1, 2, 3, 4].includes(status), stdout);
    assert.equal(stdout, '');
    assert.match(stderr, /^latchkeyctl: .+\n$/);
    return stderr;
  }

  // The ids of a kind by their state: { current: [...], retiring: [...] }.
  async function states(kind) {
    const found = { next: [], current: [], retiring: [], retired: [] };
    for (const { id, state } of await list(kind)) found[state].push(id);
    return found;
  }

  return { list, rotate, retire, refusal, states };
}
