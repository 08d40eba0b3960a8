/* libjwt as the independent second implementation. */
#include "wrap/jwtcheck.h"

#include "base/limits.h"
#include "base/log.h"
#include "wrap/jws.h"

#include <errno.h>
#include <jwt.h>
#include <sys/single_threaded.h>
#include <sys/wait.h>
#include <unistd.h>

/* JWT_ALG_NONE stands for an algorithm that libjwt does not know. */
static const jwt_alg_t algs[JWS_ALG__MAX] = {
	[JWS_ES256] = JWT_ALG_ES256,
	[JWS_HS256] = JWT_ALG_HS256,
	[JWS_RS256] = JWT_ALG_RS256,
	[JWS_EDDSA] = JWT_ALG_NONE,
};

static const char claim[] = "probe";
static const char value[] = "latchkey";
static const struct str payload = STR_INIT("{\"probe\":\"latchkey\"}");
/* The only typ that libjwt writes. */
static const struct str typ = STR_INIT("JWT");

static int
differ(const struct jws_key *key, const char *how)
{
	log_error("jwtcheck", "key %s: %s", jws_key_kid(key), how);
	return 0;
}

/* The key as libjwt wants it: PEM or raw bytes. */
static int
material(const struct jws_key *key, bool is_private, struct arena *arena,
    struct str *bytes_r)
{
	struct buf buf = BUF_IN(arena);

	if (is_private || jws_key_alg(key) == JWS_HS256) {
		if (jws_key_write_private(key, &buf) < 0)
			return -1;
	} else if (jws_key_write_public(key, &buf) < 0) {
		return -1;
	}
	return buf_str(&buf, bytes_r);
}

/* Whether libjwt accepts a token of ours and reads its claim. */
static int
libjwt_reads(const struct jws_key *key, struct arena *arena)
{
	struct buf token = BUF_IN(arena);
	struct str bytes;
	jwt_t *jwt = NULL;
	int rc;

	if (jws_sign(key, typ, payload, &token) < 0)
		return differ(key, "signing fails");
	buf_add_byte(&token, '\0');
	if (material(key, false, arena, &bytes) < 0 || token.is_failed)
		return differ(key, "its public half can't be written");
	rc = jwt_decode(&jwt, token.ptr, (const unsigned char *)bytes.ptr,
	    (int)bytes.len);
	if (rc != 0 || jwt_get_alg(jwt) != algs[jws_key_alg(key)] ||
	    !str_equal(str_from(jwt_get_grant(jwt, claim)), str_from(value))) {
		jwt_free(jwt);
		return differ(key, "libjwt refuses what it signs");
	}
	jwt_free(jwt);
	return 1;
}

/* A token by libjwt, to be freed by free; NULL on failure. */
static char *
libjwt_writes(const struct jws_key *key, struct str bytes)
{
	char *token = NULL;
	jwt_t *jwt;

	if (jwt_new(&jwt) != 0)
		return NULL;
	if (jwt_add_grant(jwt, claim, value) == 0 &&
	    jwt_add_header(jwt, "kid", jws_key_kid(key)) == 0 &&
	    jwt_set_alg(jwt, algs[jws_key_alg(key)],
	        (const unsigned char *)bytes.ptr, (int)bytes.len) == 0)
		token = jwt_encode_str(jwt);
	jwt_free(jwt);
	return token;
}

/* Whether we accept a token of libjwt's with the same payload. */
static int
libjwt_is_read(const struct jws_key *key, struct arena *arena)
{
	const struct jws_keys keys = { &key, 1 };
	enum jws_verdict verdict;
	struct str bytes;
	struct str read;
	char *token;

	if (material(key, true, arena, &bytes) < 0)
		return differ(key, "its private half can't be written");
	token = libjwt_writes(key, bytes);
	if (token == NULL)
		return differ(key, "libjwt can't sign with it");
	verdict = jws_verify(arena, &keys, typ, str_from(token), &read);
	free(token);
	if (verdict != JWS_OK || !str_equal(read, payload))
		return differ(key, "what libjwt signs with it is refused");
	return 1;
}

/* As jwtcheck_key. */
static int
check(const struct jws_key *key)
{
	struct arena *arena = arena_new(LIMIT_ARENA);
	int rc;

	if (arena == NULL)
		return differ(key, "no memory to check it");
	rc = libjwt_reads(key, arena);
	if (rc == 1)
		rc = libjwt_is_read(key, arena);
	/* Wipes the key's bytes too. */
	arena_free(&arena);
	return rc;
}

int
jwtcheck_key(const struct jws_key *key)
{
	int status;
	pid_t child;

	if (algs[jws_key_alg(key)] == JWT_ALG_NONE)
		return 1;
	/*
	 * At the start in a process of its own: what OpenSSL looks up to read
	 * and write PEM, 200 KiB that nobody needs again, goes with it.
	 */
	child = __libc_single_threaded ? fork() : -1;
	if (child < 0)
		return check(key);
	if (child == 0)
		_exit(check(key) == 1 ? EXIT_SUCCESS : EXIT_FAILURE);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return differ(key, "its check was lost");
	return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}
