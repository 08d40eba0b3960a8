/* Shows the description of this server's API, to read and to try out. */

const isDark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', isDark.matches);
follow();
isDark.addEventListener('change', follow);

globalThis.SwaggerUIBundle({
  url: '../openapi.yaml',
  dom_id: '#viewer',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  /* Neither asks other servers nor keeps what was typed. */
  validatorUrl: null,
  persistAuthorization: false,
  queryConfigEnabled: false,
});
