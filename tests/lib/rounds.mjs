// Rounds of parallel refreshes, as fast as the service answers them: plain
// requests over connections that stay, judged by what they say together.
import { Agent, request } from 'node:http';

export function refresher(service, parallel) {
  const agent = new Agent({ keepAlive: true, maxSockets: parallel });
  service.agents.add(agent);

  return (refreshToken) => new Promise((resolve, reject) => {
    const body = JSON.stringify({ refreshToken });
    const outgoing = request({
      host: '127.0.0.1',
      port: service.port,
      agent,
      method: 'POST',
      path: '/api/auth/refresh',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (part) => { text += part; });
      incoming.on('error', reject);
      incoming.on('end', () => resolve({ status: incoming.statusCode, text }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const successor = ({ text }) => /"refreshToken":"([^"]+)"/.exec(text)?.[1];

// One round: all present the same token.  Returns its one successor, or
// throws where one of them gets anything else.
async function round(refresh, token, parallel) {
  const answers = await Promise.all(Array.from({ length: parallel }, () => refresh(token)));
  const tokens = new Set();
  for (const answer of answers) {
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
    tokens.add(successor(answer));
  }
  if (tokens.size !== 1 || tokens.has(token)) throw new Error(`${tokens.size} successors`);
  return [...tokens][0];
}

// Round after round, each with the successor of the last; told: called after
// each.  Returns the last token.
export async function playRounds(service, token, { rounds, parallel, told = () => {} }) {
  const refresh = refresher(service, parallel);
  for (let i = 1; i <= rounds; i++) {
    token = await round(refresh, token, parallel);
    told(i);
  }
  return token;
}
