// What holds for every body of every endpoint there is: size, type, JSON, and
// each field that the endpoint describes.
import assert from 'node:assert/strict';
import test from 'node:test';
import { newClient } from '../lib/clients.mjs';
import { fieldErrors, isOk, isProblem } from '../lib/oracle.mjs';
import { takesBody } from '../lib/operations.mjs';
import { api } from '../lib/people.mjs';
import { exchange } from '../lib/raw.mjs';
import { useService } from '../lib/service.mjs';

const service = await useService();
const { call, newcomer, administrator } = api(service);
const { accessToken } = await newcomer();
const { accessToken: adminToken } = await administrator();
const client = await newClient(service);

const limit = 64 * 1024;
// A body that can be sent at all: longer texts are refused for their size.
const longestText = limit - 1024;

const bodies = (text) => Buffer.from(text, 'latin1');
const nested = (depth) => `{"x":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;

const malformed = {
  'white space': ' \t\r\n ',
  'an open object': '{',
  'an object cut off': '{"email":"ann@example.org"',
  'a text cut off': '{"email":"ann',
  'a top-level array': '[]',
  'a top-level array with an object': '[{}]',
  'a top-level text': '"text"',
  'a top-level number': '7',
  'top-level null': 'null',
  'top-level true': 'true',
  'H-095 a member twice': '{"a":1,"a":1}',
  'H-095 a member twice, once escaped': '{"a":1,"\\u0061":2}',
  'H-095 a member twice, deep inside': '{"x":[{"y":{"a":1,"a":2}}]}',
  'H-095 an empty name twice': '{"":1,"":2}',
  'H-097 a BOM': bodies('\xef\xbb\xbf{}'),
  'H-097 UTF-16': Buffer.from('{}', 'utf16le'),
  'H-097 UTF-16 with a BOM': Buffer.from('\ufeff{}', 'utf16le'),
  'H-097 UTF-32': bodies('{\0\0\0}\0\0\0'),
  'H-098 NUL in a text': bodies('{"a":"x\0y"}'),
  'H-098 NUL behind the object': bodies('{}\0'),
  'H-098 NUL and more behind': bodies('{}\0{"a":1}'),
  'H-098 NUL before': bodies('\0{}'),
  '\\u0000 in a value': '{"a":"\\u0000"}',
  '\\u0000 in a name': '{"a\\u0000b":1}',
  'H-100 a lone high surrogate': '{"a":"\\ud800"}',
  'H-100 a lone low surrogate': '{"a":"\\udc00"}',
  'H-100 two high surrogates': '{"a":"\\ud800\\ud800"}',
  'H-100 a high surrogate before text': '{"a":"\\ud800x"}',
  'H-100 a stray continuation': bodies('{"a":"\x80"}'),
  'H-100 a character cut off': bodies('{"a":"\xc3"}'),
  'H-100 an overlong slash': bodies('{"a":"\xc0\xaf"}'),
  'H-100 an overlong NUL': bodies('{"a":"\xc0\x80"}'),
  'H-100 an overlong euro sign': bodies('{"a":"\xf0\x82\x82\xac"}'),
  'H-100 a surrogate in UTF-8': bodies('{"a":"\xed\xa0\x80"}'),
  'H-100 a point above 10FFFF': bodies('{"a":"\xf4\x90\x80\x80"}'),
  'H-100 five bytes': bodies('{"a":"\xf8\x88\x80\x80\x80"}'),
  'H-100 0xFF': bodies('{"a":"\xff"}'),
  'H-100 invalid UTF-8 in a name': bodies('{"\xff":1}'),
  'H-101 depth 17': nested(17),
  'H-101 depth 17 of objects': `${'{"a":'.repeat(17)}1${'}'.repeat(17)}`,
  'H-101 depth 10000': `{"x":${'['.repeat(10_000)}`,
  'NaN': '{"a":NaN}',
  'Infinity': '{"a":-Infinity}',
  'undefined': '{"a":undefined}',
  'a comment': '{} // x',
  'a comment inside': '{/* x */}',
  'a comma too many': '{"a":1,}',
  'a comma too many in an array': '{"a":[1,]}',
  'a comma alone': '{,}',
  'no comma': '{"a":1 "b":2}',
  'no colon': '{"a" 1}',
  'no value': '{"a":}',
  'single quotes': "{'a':1}",
  'a name without quotes': '{a:1}',
  'a number as name': '{1:1}',
  'a leading zero': '{"a":01}',
  'a plus': '{"a":+1}',
  'a bare minus': '{"a":-}',
  'a bare fraction': '{"a":.5}',
  'no digit behind the point': '{"a":1.}',
  'no digit in the exponent': '{"a":1e}',
  'hexadecimal': '{"a":0x10}',
  'True': '{"a":True}',
  'a raw newline in a text': '{"a":"x\ny"}',
  'a raw tab in a text': '{"a":"x\ty"}',
  'an unknown escape': '{"a":"\\x41"}',
  'a cut escape': '{"a":"\\u00"}',
  'another space': bodies('{\xc2\xa0}'),
  'a form feed': '{\f}',
  'garbage behind': '{} x',
  'a second object behind': '{}{}',
  'a brace too many': '{}}',
  'a bracket for a brace': '{]',
  'XML': '<login/>',
  'a form': 'email=ann%40example.org&password=x',
};

const wellFormed = {
  'depth 16': nested(16),
  'white space all around': ' \r\n\t{ } \r\n\t',
  'escapes of every kind': '{"x":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00"}',
  'every kind of number': '{"x":[0,-1,1.5,-0.0,1e3,1E-3,123456789012345678901234567890]}',
  'H-110 U+2028, U+FFFF and four bytes': '{"x":"\u2028\uffff😀"}',
  'members that are not equal': '{"a":1,"A":1,"á":1}',
};

const jsonType = { 'content-type': 'application/json' };
const tokenFor = ({ auth, role }) => {
  if (auth !== 'bearer') return undefined;
  return role === null ? accessToken : adminToken;
};
const send = (operation, body, headers = jsonType) => call(operation.method, operation.url, {
  body, headers, token: tokenFor(operation),
});

const refusedTypes = [undefined, '', 'text/plain', 'text/json', 'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x', 'application/jsonp', 'application/json+x', 'application/jso',
  'application/problem+json', 'application/json; charset=utf-16', 'application/json; charset=latin1',
  'application/json; charset=utf-8; x=y', 'application/json, text/plain',
  'application/json charset=utf-8',
  'application', '/', 'json', '*/*', '"application/json"'];
const acceptedTypes = ['application/json', 'application/json; charset=utf-8',
  'application/json;charset=UTF-8', 'APPLICATION/JSON', 'application/json; charset="utf-8"', 'Application/Json ; Charset=Utf-8'];

for (const operation of takesBody.filter(({ body }) => body !== 'form')) {
  const name = `${operation.method} ${operation.path}`;

  test(`H-115 ${name} takes 64 KiB and not a byte more`, async () => {
    const fits = await send(operation, '{}'.padEnd(limit));
    assert.ok(![400, 413, 415].includes(fits.status), fits.text);
    for (const size of [limit + 1, 2 * limit, 900 * 1024]) {
      isProblem(await send(operation, '{}'.padEnd(size)), 'payload_too_large');
    }
  });

  test(`H-115 ${name} of a mebibyte and more is refused before it arrives`, async () => {
    const { status } = await exchange(service, [`${operation.method} ${operation.url} HTTP/1.1`,
      'Host: latchkey', 'Content-Type: application/json', 'Content-Length: 1073741824']);
    assert.equal(status, 413);
  });

  test(`N51 ${name} takes JSON and no other type`, async () => {
    for (const type of refusedTypes) {
      isProblem(await send(operation, '{}', type === undefined ? {} : { 'content-type': type }),
        'unsupported_media_type');
    }
  });

  test(`H-112 ${name} takes every spelling of the JSON type`, async () => {
    for (const type of acceptedTypes) {
      const { status } = await send(operation, '{}', { 'content-type': type });
      assert.notEqual(status, 415, type);
    }
  });

  for (const [what, body] of Object.entries(malformed)) {
    test(`${name} refuses ${what}`, async () => {
      isProblem(await send(operation, body), 'malformed_json');
    });
  }

  for (const [what, body] of Object.entries(wellFormed)) {
    test(`${name} understands ${what}`, async () => {
      assert.notEqual((await send(operation, body)).status, 400);
    });
  }

  test(`${name} without a body is as good as an empty object, or none`, async () => {
    const answer = await send(operation, '', {});
    // Where something else may take its place, that can be missing, too.
    if (operation.body === 'required' || answer.status === 400) isProblem(answer, 'malformed_json');
    else assert.equal(answer.status, (await send(operation, '{}')).status);
  });

  test(`H-106 ${name} is not impressed by ten thousand members or a long name`, async () => {
    const many = Array.from({ length: 5000 }, (_, i) => `"x${i}":${i}`).join();
    assert.notEqual((await send(operation, `{${many}}`)).status, 400);
    assert.notEqual((await send(operation, `{"${'x'.repeat(60_000)}":1}`)).status, 400);
  });

  const required = operation.fields.filter((field) => field.required).map((field) => field.name);
  if (required.length > 0) {
    test(`${name} names what is missing: ${required}`, async () => {
      const missing = required.map((field) => `${field} required`);
      isProblem(await send(operation, '{}'), 'validation_failed', ...missing);
      const nulls = Object.fromEntries(required.map((field) => [field, null]));
      isProblem(await send(operation, JSON.stringify(nulls)), 'validation_failed', ...missing);
    });
  }

  for (const field of operation.fields) {
    test(`${name} judges ${field.name}`, () => judge(operation, field));
  }
}

// Values are JSON texts, with the code that each must be refused by.
const wrongTypes = {
  text: ['0', '1.5', 'true', 'false', '[]', '["x"]', '{}'],
  secret: ['0', '1.5', 'true', 'false', '[]', '["x"]', '{}'],
  integer: ['"25"', '""', '1.5', '1.0', '1e2', '-0', 'true', '[]', '[1]', '{}', '9223372036854775808',
    '-9223372036854775809', '1e400'],
  boolean: ['"true"', '"yes"', '0', '1', '[]', '{}'],
  texts: ['"x"', '0', 'true', '{}', '[0]', '["x",null]', '[["x"]]'],
};
wrongTypes['optional boolean'] = wrongTypes.boolean;
wrongTypes['change of text'] = wrongTypes.text;
wrongTypes['change of integer'] = wrongTypes.integer;


function refusals({ type, least, most, code }) {
  const values = wrongTypes[type].map((value) => [value, 'wrong_type']);
  const isText = type === 'text' || type === 'change of text';
  if (isText && least > 0) values.push(['""', 'too_short']);
  if ((isText || type === 'secret') && most < longestText) {
    values.push([JSON.stringify('a'.repeat(most + 1)), 'too_long']);
  }
  if (isText && code !== null) {
    values.push([JSON.stringify('\u0001'.repeat(Math.max(least, 1))), code]);
  }
  if (type === 'texts') {
    values.push([JSON.stringify(Array(33).fill('X')), 'too_many'],
      [JSON.stringify(['X', 'X'.repeat(most + 1)]), 'too_long']);
  }
  if (type === 'integer' || type === 'change of integer') {
    for (const number of [least - 1, most + 1, 2147483648, '9223372036854775807',
      '-9223372036854775808']) {
      values.push([String(number), 'out_of_range']);
    }
  }
  return values;
}

async function judge(operation, field) {
  for (const [value, code] of refusals(field)) {
    const answer = await send(operation, `{"${field.name}":${value}}`);
    isProblem(answer, 'validation_failed');
    assert.ok(fieldErrors(answer).includes(`${field.name} ${code}`), `${value}: ${answer.text}`);
  }
  // null is the same as absent, but where it clears.
  if (field.type.startsWith('change')) return;
  const absent = await send(operation, '{}');
  const asNull = await send(operation, `{"${field.name}":null}`);
  assert.equal(asNull.status, absent.status);
  assert.deepEqual(asNull.body?.errors, absent.body?.errors);
}

// --- Forms ----------------------------------------------------------------

const formType = { 'content-type': 'application/x-www-form-urlencoded' };
const badForms = {
  'an escape that is none': 'a=1&NAME=%zz',
  'an escape cut off': 'NAME=%4',
  'a percent sign alone': 'NAME=%',
  'NUL': 'NAME=x%00y',
  'bytes that are no UTF-8': 'NAME=%ff',
  'a surrogate in UTF-8': 'NAME=%ed%a0%80',
  'a name twice': 'NAME=x&NAME=x',
  'a name twice, once escaped': 'NAME=x&%NEMA=y',
  'a name twice, once without a value': 'NAME&NAME=x',
};

for (const operation of takesBody.filter(({ body }) => body === 'form')) {
  const name = `${operation.method} ${operation.path}`;
  const ask = (body, headers = formType) =>
    call(operation.method, operation.url, { body, headers, client });

  test(`H-115 ${name} takes 64 KiB and not a byte more`, async () => {
    assert.ok(![413, 415].includes((await ask('x='.padEnd(limit, 'y'))).status));
    isProblem(await ask('x='.padEnd(limit + 1, 'y')), 'payload_too_large');
  });

  test(`N51 ${name} takes a form and no other type`, async () => {
    for (const type of [undefined, '', 'application/json', 'text/plain', 'multipart/form-data; boundary=x',
      'application/x-www-form-urlencoded2', 'x-www-form-urlencoded', 'application/x-www-form-urlencoded, text/plain']) {
      isProblem(await ask('x=y', type === undefined ? {} : { 'content-type': type }), 'unsupported_media_type');
    }
    for (const type of ['Application/X-WWW-Form-Urlencoded', 'application/x-www-form-urlencoded; charset=UTF-8']) {
      assert.notEqual((await ask('x=y', { 'content-type': type })).status, 415, type);
    }
  });

  test(`${name} refuses what is no form, in the fields it knows`, async () => {
    for (const { name: field } of operation.fields) {
      const escaped = `${field.charCodeAt(0).toString(16)}${field.slice(1)}`;
      // Nothing else is at fault; a secret in the body is, whatever its form.
      const before = field === 'token' ? '' : 'token=t&';
      if (field !== 'client_secret') isOk(await ask(`${before}${field}=x`));
      for (const [what, body] of Object.entries(badForms)) {
        const answer = await ask(before + body.replaceAll('NAME', field).replaceAll('NEMA', escaped));
        assert.equal(answer.body?.code, 'invalid_request', `${field}, ${what}: ${answer.text}`);
      }
    }
  });

  test(`${name} answers with or without a body, and to five thousand names`, async () => {
    const { status } = await ask('');
    assert.equal((await ask('', {})).status, status);
    assert.equal((await ask('&&=&x&%zz=%zz&=x')).status, status);
    assert.equal((await ask(Array.from({ length: 5000 }, (_, i) => `x${i}=${i}`).join('&'))).status, status);
  });
}

test('after all this somebody can still register and log in', async () => {
  await newcomer();
});
