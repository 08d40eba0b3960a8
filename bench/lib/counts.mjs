// Instructions of one request, counted by valgrind's callgrind: the same on
// every run, where a stopwatch is not.
import { chmodSync, chownSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './measure.mjs';
import { build } from '../../tests/lib/service.mjs';

// Libraries choose code by the processor's abilities; all of them are told of
// the least, so that machines agree.
const plainProcessor = {
  OPENSSL_ia32cap: '~0xffffffffffffffff:~0xffffffffffffffff',
  GLIBC_TUNABLES: 'glibc.cpu.hwcaps=-AVX_Fast_Unaligned_Load,-AVX2,-AVX512F,-AVX512VL,-AVX512BW,-ERMS,-FSRM,-BMI2,-SSSE3,-SSE4_1,-SSE4_2',
};

function text({ method, path, token, body = '', params = {} }) {
  const variables = {
    GATEWAY_INTERFACE: 'CGI/1.1',
    REQUEST_METHOD: method,
    SCRIPT_NAME: path,
    PATH_INFO: '',
    QUERY_STRING: '',
    REMOTE_ADDR: '127.0.0.1',
    SERVER_PROTOCOL: 'HTTP/1.1',
    HTTP_HOST: '127.0.0.1',
    ...body !== '' && { CONTENT_LENGTH: body.length, CONTENT_TYPE: 'application/json' },
    ...token !== undefined && { HTTP_AUTHORIZATION: `Bearer ${token}` },
    ...params,
  };
  return [...Object.entries(variables).map(([name, value]) => `${name}=${value}`), body, ''].join('\n');
}

// By object: { '': all, 'me.fcgi': ..., 'libc.so.6': ... }.
function byObject(file) {
  const names = new Map();
  const counts = { '': 0 };
  let object = '';
  let isCall = false;
  const named = (rest) => {
    const [, id, name] = /^\((\d+)\)(?: (.*))?/.exec(rest);
    if (name !== undefined) names.set(id, name.split('/').at(-1));
    return names.get(id);
  };
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line.startsWith('ob=')) object = named(line.slice(3));
    else if (line.startsWith('cob=')) named(line.slice(4));
    else if (line.startsWith('calls=')) isCall = true;
    else if (/^[+\-*\d]/.test(line)) {
      const cost = Number(line.split(' ')[1] ?? 0);
      if (!isCall) {
        counts[object] = (counts[object] ?? 0) + cost;
        counts[''] += cost;
      }
      isCall = false;
    }
  }
  return counts;
}

// Answers and counts of each request, one after the other, to one process.
export async function count(service, name, requests, { keep } = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'lk-count-'));
  const { uid, gid } = service.owner;
  chmodSync(dir, 0o700);
  chownSync(dir, uid, gid);
  try {
    const answers = await run(join(build, 'bin/drive'), [
      'valgrind', '--quiet', '--tool=callgrind', `--callgrind-out-file=${dir}/out`,
      '--collect-atstart=no', '--toggle-collect=serve_request', '--dump-after=serve_request',
      '--compress-pos=no',
      join(service.state, 'app/cgi-bin', `${name}.fcgi`),
    ], {
      input: requests.map(text).join(''),
      cwd: dir,
      uid,
      gid,
      env: { ...process.env, ...plainProcessor, STATE: service.state },
    });
    const files = readdirSync(dir).filter((file) => /^out\.\d+/.test(file))
      .sort((a, b) => Number(a.slice(4)) - Number(b.slice(4)));
    const counts = files.map((file) => byObject(join(dir, file)));
    if (keep) await run('cp', ['-r', dir, keep]);
    return { answers, counts };
  } finally {
    rmSync(dir, { recursive: true });
  }
}
