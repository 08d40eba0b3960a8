// What tools/test shows of Node's test runner: a line per file, every skipped
// test with the reason, every failure with the line that runs it again (in the
// suite SUITE, behind the web server FRONT), and the counts in the file named
// COUNTS.
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { inspect } from 'node:util';

// What runs a test again behind the same web server.
const before = process.env.FRONT === undefined ? '' : `FRONT=${process.env.FRONT} `;

const short = (file) => (file ? relative(process.cwd(), file) : 'tests');

function cause(error) {
  const inner = error?.cause ?? error;
  return inspect(inner, { depth: 4, breakLength: 100 })
    .replace(/^ *at .*\(?node:internal.*\n/gm, '')
    .replace(/^/gm, '        ');
}

function failure({ name, file, line, details }) {
  const word = name.replaceAll("'", '');
  return `FAILED  ${short(file)}:${line ?? 0}  ${name}; again: ${before}T='${word}' tools/test ${process.env.SUITE}\n` +
    `${cause(details.error)}\n`;
}

// A test whose part failed says no more than the part did.
const isOwnFailure = ({ details }) => details.error?.failureType !== 'subtestsFailed';

export default async function* report(events) {
  for await (const { type, data } of events) {
    if (type === 'test:fail' && isOwnFailure(data)) {
      yield failure(data);
    } else if (type === 'test:pass' && data.skip) {
      yield `skipped ${short(data.file)}:${data.line}  ${data.name}: ${data.skip}\n`;
    } else if (type === 'test:stdout' || type === 'test:stderr') {
      yield data.message;
    } else if (type === 'test:summary' && data.file) {
      const { passed, tests } = data.counts;
      const seconds = (data.duration_ms / 1000).toFixed(1);
      yield `${data.success ? 'ok    ' : 'FAILED'}  ${short(data.file)}, ` +
        `${passed} of ${tests} tests, ${seconds} s\n`;
    } else if (type === 'test:summary') {
      const { passed, failed, cancelled, skipped, todo } = data.counts;
      const counts = [passed, failed + cancelled, skipped + todo];
      // Whoever runs several suites adds them up.
      if (process.env.COUNTS) writeFileSync(process.env.COUNTS, `${counts.join(' ')}\n`);
      else yield `${counts[0]} passed, ${counts[1]} failed\n`;
    }
  }
}
