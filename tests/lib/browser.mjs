// Chromium, and pages of origins of one's own in it.
import { createServer } from 'node:http';
import { after } from 'node:test';
import { chromium } from 'playwright-core';

// Registers its end first, so that no connection of it holds a service up.
export async function useBrowser() {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    // The first is for root, whose processes Chromium can't put into a
    // sandbox; the others keep it from calling home.
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update',
      '--disable-sync'],
  });
  after(() => browser.close());
  return browser;
}

// A server that knows only empty pages: its port.
export async function useStranger() {
  const server = createServer((_, reply) => {
    reply.writeHead(200, { 'content-type': 'text/html' });
    reply.end('<!doctype html><title>elsewhere</title>');
  });
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return server.address().port;
}

// fetch in a page or frame: { status, headers, body }, or { failed }.
export const fetchIn = (page, url, { json, headers = {}, ...options } = {}) => page.evaluate(
  async ([address, init]) => {
    try {
      const answer = await fetch(address, init);
      const text = await answer.text();
      const isJson = /json/.test(answer.headers.get('content-type'));
      return {
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: isJson ? JSON.parse(text) : text,
      };
    } catch (error) {
      return { failed: error.message };
    }
  },
  [url, {
    method: 'POST',
    headers: json === undefined ? headers : { 'content-type': 'application/json', ...headers },
    body: json === undefined ? undefined : JSON.stringify(json),
    ...options,
  }]);

// A page of the service that runs no script of its own.
export const quiet = '/no-such-page';

// Chromium reports every refusal of the server; those are what tests ask for.
const isRefusal = (text) => /^Failed to load resource: the server responded with a status of 4\d\d/.test(text);

// What no page of ours may do is added to complaints, while it runs.
export function watch(page, complaints, ...origins) {
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !isRefusal(message.text())) {
      complaints.push(`console: ${message.text()}`);
    }
  });
  page.on('request', (request) => {
    if (!origins.includes(new URL(request.url()).origin)) complaints.push(`request: ${request.url()}`);
  });
}

// A person's browser: pages of one context share cookies and storage.
export async function newProfile(browser, options = {}) {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', ...options });
  context.setDefaultTimeout(10_000);
  return context;
}
