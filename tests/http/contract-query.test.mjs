// What holds for every parameter of every query string that an endpoint
// describes.
import assert from 'node:assert/strict';
import test from 'node:test';
import { fieldErrors, isProblem } from '../lib/oracle.mjs';
import { takesQuery } from '../lib/operations.mjs';
import { api } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';

const service = await useService();
const { call, newcomer, administrator } = api(service);
const tokens = {
  user: (await newcomer()).accessToken,
  admin: (await administrator()).accessToken,
};

const options = ({ role }) => ({ token: role === null ? tokens.user : tokens.admin });
const ask = (operation, query) =>
  call(operation.method, `${operation.url}?${query}`, options(operation));

// Some of what is malformed lighttpd refuses by itself.
async function isMalformed(operation, query) {
  const answer = await call(operation.method, `${operation.url}?${query}`,
    { ...options(operation), by: 'lighttpd' });
  assert.equal(answer.status, 400, query);
  if ('x-request-id' in answer.headers) isProblem(answer, 'invalid_request');
}
// What fits the web server's limit of a request's head.
const longest = 4000;

// Values as they are sent, with the code that each must be refused by.
const wrong = {
  text: [],
  integer: ['x', '', '1x', '0x1', '1e0', '+1', '%201', '01', '1.0', '-0', '9223372036854775808',
    '%D9%A1'].map((value) => [value, 'wrong_type']),
  'optional boolean': ['', 'yes', 'TRUE', '1', 'true,false'].map((value) => [value, 'wrong_type']),
};

function refusals({ type, least, most }) {
  const values = [...wrong[type]];
  if (type === 'text' && least > 0) values.push(['', 'too_short']);
  if (type === 'text' && most < longest) values.push(['x'.repeat(most + 1), 'too_long']);
  if (type === 'integer') values.push([least - 1, 'out_of_range'], [most + 1, 'out_of_range']);
  return values;
}

// Escapes that are none lighttpd mends on the way; the unit tests have them.
const malformed = ['%00', 'a%00b', '%ff', '%c3', '%ed%a0%80', '%c0%af'];

test('there are parameters to test', () => assert.ok(takesQuery.length > 0));

for (const operation of takesQuery) {
  const name = `${operation.method} ${operation.path}`;
  for (const field of operation.query) {
    test(`${name} judges the parameter ${field.name}`, async () => {
      for (const [value, code] of refusals(field)) {
        const answer = await ask(operation, `${field.name}=${value}`);
        isProblem(answer, 'validation_failed');
        assert.ok(fieldErrors(answer).includes(`${field.name} ${code}`), `${value}: ${answer.text}`);
      }
      for (const value of malformed) {
        await isMalformed(operation, `${field.name}=${value}`);
      }
      isProblem(await ask(operation, `${field.name}=1&${field.name}=1`), 'invalid_request');
      const [first, ...rest] = field.name;
      const escaped = `%${first.charCodeAt(0).toString(16)}${rest.join('')}`;
      isProblem(await ask(operation, `${field.name}=1&${escaped}=1`), 'invalid_request');
    });
  }

  test(`${name} does not mind what it does not know`, async () => {
    const plain = await ask(operation, '');
    for (const query of ['x=1', 'x=1&x=2', '&&', '=', '=1', 'x=%25zz', 'x=%c3%a9']) {
      assert.equal((await ask(operation, query)).status, plain.status, query);
    }
  });
}
