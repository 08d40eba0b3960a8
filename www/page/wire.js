/*
 * Every request of this page goes through recordedFetch, which tells what is
 * sent and what comes back: the wire shows it, the drawing lights up.
 */

/* Fires "sent" and "answered"; detail is the exchange. */
export const wire = new EventTarget();

/* By cookie, nothing of the credentials can be seen here. */
function credentialsOf(headers, credentials) {
  if (headers.has('authorization')) return 'bearer';
  return credentials === 'omit' ? 'none' : 'cookie';
}

const tell = (name, exchange) => wire.dispatchEvent(new CustomEvent(name, { detail: exchange }));

async function bodyOf(response) {
  const text = await response.clone().text().catch(() => '');
  try {
    return { text, json: JSON.parse(text) };
  } catch {
    return { text, json: null };
  }
}

/*
 * As the browser's fetch.  An exchange: { method, url, headers, credentials,
 * body, at, ms, status, answer, answerHeaders, by }; status 0: no answer, null:
 * none yet; by: who asked, beyond the page's own flow.
 */
export async function recordedFetch(address, { by = 'page', ...init } = {}) {
  const headers = new Headers(init.headers);
  const exchange = {
    method: init.method ?? 'GET',
    url: new URL(address, location.href),
    headers: [...headers],
    credentials: credentialsOf(headers, init.credentials),
    body: init.body ?? null,
    at: Date.now(),
    status: null,
    by,
  };
  const began = performance.now();
  tell('sent', exchange);
  try {
    const response = await fetch(address, init);
    exchange.ms = Math.round(performance.now() - began);
    const { text, json } = await bodyOf(response);
    Object.assign(exchange, {
      status: response.status, answer: json ?? text, answerHeaders: [...response.headers],
    });
    return response;
  } catch (error) {
    exchange.ms = Math.round(performance.now() - began);
    exchange.status = 0;
    throw error;
  } finally {
    tell('answered', exchange);
  }
}
