/*
 * A FastCGI application behind the gate.  Who asks is said by the web server,
 * in variables that no client can set: REMOTE_USER and AUTH_ROLES.  Where they
 * are missing, nobody asked the gate, and the application refuses: it must not
 * depend on its web server never being set up wrongly.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Gives FastCGI to printf and its like, so it comes last. */
#include <fcgi_stdio.h>

/* Whether a name stands in a list with commas, whole. */
static bool
has_role(const char *roles, const char *role)
{
	const size_t len = strlen(role);

	while (roles != NULL) {
		if (strncmp(roles, role, len) == 0 &&
		    (roles[len] == ',' || roles[len] == '\0'))
			return true;
		roles = strchr(roles, ',');
		if (roles != NULL)
			roles++;
	}
	return false;
}

static void
answer(const char *status, const char *greeting, const char *who)
{
	printf(
	    "Status: %s\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Cache-Control: no-store\r\n"
	    "\r\n"
	    "%s%s\n",
	    status, greeting, who);
}

int
main(void)
{
	while (FCGI_Accept() >= 0) {
		const char *user = getenv("REMOTE_USER");

		if (user == NULL || user[0] == '\0')
			answer("403 Forbidden", "Nobody asked the gate.", "");
		else if (has_role(getenv("AUTH_ROLES"), "ADMIN"))
			answer("200 OK", "At your service, ", user);
		else
			answer("200 OK", "Hello, ", user);
	}
	return EXIT_SUCCESS;
}
