/*
 * A resource server: a program of your own that takes Latchkey's access tokens
 * and checks each by itself, with libjwt and the public keys, asking nobody.
 * It accepts a token until it expires; a program that must know of a logout at
 * once asks /oauth/introspect instead.
 *
 * libjwt 1.10 has no "at+jwt": run Latchkey with token.typ = JWT.  What libjwt
 * leaves to its caller is done here, and is easily forgotten:
 *   - it copies the token onto the stack, so the size is bounded first;
 *   - it takes the algorithm from the token, so it is compared with ours;
 *   - it believes everything where it is given no key, so it always gets one;
 *   - it looks at no claim: issuer, audience, use and times are ours to check.
 *
 * It speaks FastCGI and CGI.  Environment: ISSUER and AUDIENCE as Latchkey's
 * http.public_url and token.audience, and KEYS, a directory of public keys
 * (*.pem) as examples/jwks-to-pem.sh writes them.  The keys are read at each
 * request, so that it follows when they are rotated.
 */
#include <err.h>
#include <glob.h>
#include <jwt.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Gives FastCGI to printf and its like, so it comes last. */
#include <fcgi_stdio.h>

enum { TOKEN_MAX = 4096, PEM_MAX = 1024, PATH_LEN_MAX = 512, KEYS_MAX = 8 };

static const char scheme[] = "Bearer ";
static const char *issuer;
static const char *audience;
static const jwt_alg_t our_alg = JWT_ALG_ES256;

static struct {
	unsigned char pem[PEM_MAX];
	int len;
} keys[KEYS_MAX];
static size_t key_count;

static void
load_key(const char *path)
{
	FILE *file = fopen(path, "r");
	size_t len;

	if (file == NULL)
		return;
	len = fread(keys[key_count].pem, 1, PEM_MAX, file);
	fclose(file);
	if (len == 0 || len == PEM_MAX)
		return;
	keys[key_count].len = (int)len;
	key_count++;
}

/* None where the directory can't be read: then no token is believed. */
static void
load_keys(const char *dir)
{
	char pattern[PATH_LEN_MAX];
	glob_t found;

	key_count = 0;
	if (snprintf(pattern, sizeof pattern, "%s/*.pem", dir) >=
	        PATH_LEN_MAX ||
	    glob(pattern, 0, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc && key_count < KEYS_MAX; i++)
		load_key(found.gl_pathv[i]);
	globfree(&found);
}

static bool
is_text(jwt_t *jwt, const char *claim, const char *wanted)
{
	const char *value = jwt_get_grant(jwt, claim);

	return value != NULL && strcmp(value, wanted) == 0;
}

/* 0 for a claim that is missing: a time long past. */
static bool
is_current(jwt_t *jwt)
{
	const long now = (long)time(NULL);

	return jwt_get_grant_int(jwt, "nbf") <= now &&
	    jwt_get_grant_int(jwt, "exp") > now;
}

static bool
is_for_us(jwt_t *jwt)
{
	return jwt_get_alg(jwt) == our_alg && is_text(jwt, "iss", issuer) &&
	    is_text(jwt, "aud", audience) &&
	    is_text(jwt, "token_use", "access") &&
	    jwt_get_grant(jwt, "sub") != NULL && is_current(jwt);
}

/* The token of an Authorization header, checked; NULL for any other. */
static jwt_t *
believe(const char *header)
{
	const size_t skip = sizeof scheme - 1;
	jwt_t *jwt = NULL;

	if (header == NULL || strncmp(header, scheme, skip) != 0 ||
	    strlen(header + skip) > TOKEN_MAX)
		return NULL;
	for (size_t i = 0; i < key_count; i++) {
		if (jwt_decode(&jwt, header + skip, keys[i].pem, keys[i].len) !=
		    0)
			continue;
		if (is_for_us(jwt))
			return jwt;
		jwt_free(jwt);
	}
	return NULL;
}

static void
refuse(void)
{
	printf(
	    "Status: 401 Unauthorized\r\n"
	    "WWW-Authenticate: Bearer realm=\"resource-server\"\r\n"
	    "Content-Type: application/json\r\n"
	    "\r\n"
	    "{\"error\":\"invalid_token\"}\n");
}

static void
greet(jwt_t *jwt)
{
	char *who = jwt_get_grants_json(jwt, "sub");
	char *roles = jwt_get_grants_json(jwt, "roles");

	printf(
	    "Status: 200 OK\r\n"
	    "Content-Type: application/json\r\n"
	    "\r\n"
	    "{\"sub\":%s,\"roles\":%s}\n",
	    who, roles == NULL ? "[]" : roles);
	free(who);
	free(roles);
}

int
main(void)
{
	const char *key_dir = getenv("KEYS");

	/* Now: each request brings an environment of its own. */
	issuer = getenv("ISSUER");
	audience = getenv("AUDIENCE");
	if (issuer == NULL || audience == NULL || key_dir == NULL)
		errx(EXIT_FAILURE,
		    "set ISSUER, AUDIENCE, and KEYS to a directory of public "
		    "keys (examples/jwks-to-pem.sh)");
	while (FCGI_Accept() >= 0) {
		jwt_t *jwt;

		load_keys(key_dir);
		jwt = believe(getenv("HTTP_AUTHORIZATION"));
		if (jwt == NULL)
			refuse();
		else
			greet(jwt);
		jwt_free(jwt);
	}
	return EXIT_SUCCESS;
}
