/* An exchange as a command for a shell. */

/* As one word, whatever is in it. */
const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;

const isJson = ({ headers }) => headers.some(([name, value]) => name === 'content-type' && value === 'application/json');

function parts(exchange, more = []) {
  const { method, url, headers, body } = exchange;
  const json = body !== null && isJson(exchange);
  const kept = headers.filter(([name]) => !(json && name === 'content-type'));
  return [
    `curl -sS ${quote(url.href)}`,
    ...(method === (body === null ? 'GET' : 'POST') ? [] : [`-X ${method}`]),
    ...kept.map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    ...(body === null ? [] : [`${json ? '--json' : '--data-raw'} ${quote(body)}`]),
    ...more,
  ];
}

const command = (exchange, more) => parts(exchange, more).join(' \\\n  ');

/*
 * No script can read the cookies, so the shell gets some of its own: it asks
 * for the password, and logs in.  One compound command, so that what it reads
 * is not its own next line.
 */
function withLogin(exchange, user) {
  const login = new URL('/api/auth/login', exchange.url);
  return `(
jar=$(mktemp) && trap 'rm -f "$jar"' EXIT
read -rsp ${quote(`Password of ${user.email}: `)} password; echo >&2
jq -n --arg password "$password" ${quote(`{email: ${JSON.stringify(user.email)}, password: $password, useCookies: true}`)} |
curl -sS -o /dev/null --fail -c "$jar" ${quote(login.href)} --json @- &&
${command(exchange, ['-b "$jar"'])}
)`;
}

const OPEN = ['/api/auth/login', '/api/auth/register'];

function needsCookies({ credentials, url: { pathname } }) {
  return credentials === 'cookie' && pathname.startsWith('/api/') && !OPEN.includes(pathname);
}

/* user: who was logged in by cookie, or null. */
export const asCurl = (exchange, user) =>
  (user !== null && needsCookies(exchange) ? withLogin(exchange, user) : command(exchange));
