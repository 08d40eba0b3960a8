// What holds for every answer of an endpoint, whatever was asked.
import assert from 'node:assert/strict';
import { behaviour } from './front.mjs';

// The stable codes of the contract, with their status.
export const problems = {
  malformed_json: 400,
  invalid_request: 400,
  authentication_required: 401,
  invalid_token: 401,
  invalid_credentials: 401,
  invalid_client: 401,
  refresh_token_invalid: 401,
  refresh_token_expired: 401,
  refresh_token_reused: 401,
  session_ended: 401,
  token_mismatch: 401,
  forbidden: 403,
  role_not_allowed: 403,
  registration_disabled: 403,
  csrf_rejected: 403,
  not_found: 404,
  method_not_allowed: 405,
  user_exists: 409,
  last_admin: 409,
  role_exists: 409,
  task_limit: 409,
  role_in_use: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  validation_failed: 422,
  too_many_requests: 429,
  internal_error: 500,
  unavailable: 503,
  overloaded: 503,
};

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
// Text of libraries, of SQL, of paths or of the source, and stored hashes.
const insides = new RegExp([
  'sql', 'maria', 'openssl', 'libjwt', 'json-c', 'sodium', 'argon2', 'fcgi', 'errno',
  '\\bselect\\b', '\\binsert\\b', '\\bduplicate entry\\b', '/tmp/', '/var/', '/usr/', '/home/',
  '/proc/', '/keys/', '\\.c:\\d', '0x[0-9a-f]{6}', 'segfault', 'sanitizer',
].join('|'), 'i');

const challenges = {
  authentication_required: 'Bearer realm="latchkey"',
  invalid_token: 'Bearer realm="latchkey", error="invalid_token"',
  forbidden: 'Bearer realm="latchkey", error="insufficient_scope"',
  invalid_client: 'Basic realm="latchkey"',
};

// RFC 6750, 3: an error attribute only where a bearer token was at fault.
function checkChallenge({ headers, status }, code, hasCredentials) {
  let expected = challenges[code];
  if (status === 401) expected ??= challenges.authentication_required;
  if (code === 'invalid_request' && hasCredentials) {
    expected = 'Bearer realm="latchkey", error="invalid_request"';
  }
  assert.equal(headers['www-authenticate'], expected, 'WWW-Authenticate');
}

function checkErrors({ body, status }) {
  if (status !== 422) {
    assert.equal(body.errors, undefined);
    return;
  }
  assert.ok(body.errors.length > 0, 'a 422 names its fields');
  for (const error of body.errors) {
    assert.deepEqual(Object.keys(error), ['field', 'code', 'message']);
    assert.match(error.code, /^[a-z0-9_]+$/);
    assert.match(error.message, /^[A-Z].+/);
  }
}

// Answers of OAuth's endpoints are also what RFC 6749, 5.2 wants; not those
// to a wrong path or method, which belong to no endpoint in particular.
const isOAuth = ({ path, status }) =>
  path.startsWith('/oauth/') && status !== 404 && status !== 405;

function checkType(answer, { accept }) {
  assert.equal(answer.headers['content-type'],
    isOAuth(answer) && accept === 'application/json' ? accept : 'application/problem+json');
}

// RFC 9457.
function checkProblem(answer, asked) {
  const { status, headers, body } = answer;
  checkType(answer, asked);
  assert.doesNotMatch(answer.text, insides);
  const members = ['type', 'title', 'status', 'detail', 'code', 'requestId'];
  if (isOAuth(answer) && status < 500) {
    members.push('error');
    assert.equal(body.error, status === 401 ? 'invalid_client' : 'invalid_request');
  }
  if (status === 422) members.push('errors');
  assert.deepEqual(Object.keys(body), members);
  assert.equal(body.status, status);
  assert.equal(problems[body.code], status, `${body.code} with ${status}`);
  assert.equal(body.type, `urn:latchkey:problem:${body.code}`);
  assert.equal(body.requestId, headers['x-request-id']);
  assert.ok(body.title.length > 0 && body.detail.length > 0);
  checkErrors(answer);
  checkChallenge(answer, body.code, asked.hasCredentials && !isOAuth(answer));
  assert.equal('allow' in headers, status === 405, 'Allow');
  if (status === 503 || status === 429) assert.match(headers['retry-after'], /^[1-9]\d*$/);
}

function checkSuccess({ path, status, headers, text }) {
  assert.ok([200, 201, 204].includes(status), `status ${status}`);
  assert.equal(headers['www-authenticate'], undefined);
  assert.equal('location' in headers, status === 201, 'Location');
  if (status === 204 || path === '/oauth/revoke') assert.equal(text, '');
  else assert.equal(headers['content-type'], 'application/json');
}

// answer: { path, status, headers, text, body, lines }, as the client makes it.
export function checkAnswer(answer, asked) {
  const { headers, status, text } = answer;
  // Each cookie has a header of its own (RFC 6265, 3).
  const names = answer.lines.map((line) => line.split(':')[0].toLowerCase())
    .filter((name) => name !== 'set-cookie');
  assert.equal(new Set(names).size, names.length, `a header twice: ${names}`);
  assert.match(headers['x-request-id'] ?? '', uuid, `no endpoint's answer: ${status} ${text}`);
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.equal(headers['server'], behaviour.server, 'a Server header without a version');
  if (!headers['cache-control'].startsWith('public, max-age=')) {
    assert.equal(headers['cache-control'], 'no-store');
  }
  if (asked.isHead) assert.equal(text, '');
  else if (status < 400) checkSuccess(answer);
  else checkProblem(answer, asked);
}

// Assert that an answer is this problem and no other.
export function isProblem(answer, code, ...fields) {
  assert.equal(answer.body?.code, code, `${answer.status} ${answer.text}`);
  if (fields.length > 0) assert.deepEqual(fieldErrors(answer), fields);
}

// "field code" of each error of a 422.
export const fieldErrors = ({ body }) => body.errors.map(({ field, code }) => `${field} ${code}`);

export function isOk(answer, status = 200) {
  assert.equal(answer.status, status, answer.text);
}
