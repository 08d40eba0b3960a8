// The web servers of a site of somebody's own, each with its recipe in deploy/:
// what is started, at which address it asks the gate, and what it guards.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setIn, loadModules } from './front.mjs';
import { root } from './service.mjs';

// A file with @names@ in the place of values.
function fill(path, values) {
  let text = readFileSync(path, 'utf8');
  for (const [name, value] of Object.entries(values)) text = text.replaceAll(`@${name}@`, value);
  writeFileSync(path, text);
}

const recipe = (home, name) => cpSync(join(root, 'deploy', name), join(home, 'latchkey'),
  { recursive: true });

// What is an example in the recipes.
const examples = ({ home, latchkeyPort, webPort }) => ({
  '/run/your-application.sock': join(home, 'application.sock'),
  '127.0.0.1:8080': `127.0.0.1:${latchkeyPort}`,
  '127.0.0.1:8082': `127.0.0.1:${webPort}`,
});

function lighttpd({ home, port, latchkeyPort }) {
  cpSync(join(root, 'deploy/lighttpd/gate.conf'), join(home, 'gate.conf'));
  writeFileSync(join(home, 'main.conf'), `var.site = "${home}"
var.log = "${home}/log"
var.port = ${port}
var.gate = "${home}/gate.sock"
var.application = "${home}/application.sock"
var.latchkey_port = ${latchkeyPort}
include "${home}/lighttpd.conf"
include "${home}/gate.conf"
`);
  return ['lighttpd', '-D', '-f', join(home, 'main.conf')];
}

function nginx(site) {
  const { home, port } = site;
  recipe(home, 'nginx');
  setIn(join(home, 'latchkey/guarded.conf'), examples(site));
  fill(join(home, 'nginx.conf'), { site: home, port });
  return ['nginx', '-e', join(home, 'log/nginx.log'), '-c', join(home, 'nginx.conf')];
}

function apache(site) {
  const { home, port, gatePort } = site;
  recipe(home, 'apache');
  setIn(join(home, 'latchkey/guarded.conf'), examples(site));
  fill(join(home, 'apache.conf'), {
    site: home, port, gate: `127.0.0.1:${gatePort}`,
    modules: loadModules('cgid', 'proxy', 'proxy_fcgi', 'proxy_http', 'rewrite'),
  });
  return ['apache2', '-D', 'FOREGROUND', '-f', join(home, 'apache.conf')];
}

const files = ['/members/', '/members/index.html', '/admin/'];
const byTcp = {
  address: ({ gatePort }) => ({ host: '127.0.0.1', port: gatePort }),
  gate: ({ gatePort }) => ['-a', '127.0.0.1', '-p', String(gatePort)],
};
const byUnix = {
  address: ({ home }) => ({ path: join(home, 'gate.sock') }),
  gate: ({ home }) => ['-s', join(home, 'gate.sock'), '-M', '0600'],
};

export const siteServers = {
  lighttpd: {
    prepare: lighttpd, ...byUnix,
    programs: ['/cgi-bin/who', '/application/'],
  },
  // It runs no CGI programs.
  nginx: {
    prepare: nginx, ...byUnix,
    programs: ['/application/', '/web/'],
    // Its role stands in an address, for which other locations might answer.
    misspelt: ['/misspelt/'],
  },
  apache: {
    prepare: apache, ...byTcp,
    programs: ['/cgi-bin/who', '/application/', '/web/'],
  },
};
for (const server of Object.values(siteServers)) server.guarded = [...files, ...server.programs];
