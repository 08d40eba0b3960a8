/* The description of the API as it is written: it is meant to be read. */

const response = await fetch('../openapi.yaml');
document.getElementById('text').textContent = response.ok ? await response.text()
  : `The server answered ${response.status}.`;
