// A database that somebody else has set up: its settings change no text and no
// answer.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';

const service = await useService();
const { refresh, newcomer, me } = api(service);
const file = join(service.state, 'app/mariadb.cnf');
const usual = readFileSync(file, 'utf8');

const settings = {
  'another character set, whatever clients say': ['character-set-client-handshake = OFF',
    'character-set-server = latin1', 'collation-server = latin1_swedish_ci'],
  'another character set for each new connection': ["init-connect = 'SET NAMES latin1'"],
  'modes that read and write texts in other ways':
    ['sql-mode = ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PAD_CHAR_TO_FULL_LENGTH,PIPES_AS_CONCAT'],
  'a binary log that chooses its format': ['log-bin = binlog', 'binlog-format = MIXED', 'server-id = 1'],
  'transactions that never end by themselves': ['autocommit = 0', 'transaction-isolation = SERIALIZABLE'],
};

for (const [name, lines] of Object.entries(settings)) {
  test(`${name}: names stay, and tokens are refreshed`, async () => {
    await service.dbStop();
    writeFileSync(file, `${usual}\n${lines.join('\n')}\n`);
    await service.dbStart();
    const names = { firstName: 'Zoë 😀 "\\', lastName: "O'Brien\\" };
    const ann = await newcomer(names);
    assert.deepEqual(await service.sql('SELECT HEX(first_name), HEX(last_name) FROM user' +
      ` WHERE id = ${sqlId(ann.user.id)}`), [Object.values(names)
      .map((text) => Buffer.from(text).toString('hex').toUpperCase())]);
    const { body: user } = await me(ann.accessToken);
    const fresh = await refresh(ann.refreshToken);
    isOk(fresh);
    assert.deepEqual(fresh.body.user, user);
    assert.deepEqual(user, { ...user, ...names });
    assert.equal((await refresh(ann.refreshToken)).body.refreshToken, fresh.body.refreshToken);
    isOk(await refresh(fresh.body.refreshToken));
    isProblem(await refresh(ann.refreshToken), 'refresh_token_reused');
  });
}
