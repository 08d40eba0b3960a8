/* Password hashes: a table of schemes, argon2id first. */
#include "wrap/pwhash.h"

#include "base/b64.h"
#include "base/log.h"
#include "wrap/pwhash_internal.h"
#include "wrap/pwhash_memory.h"

#include <inttypes.h>
#include <sodium.h>

enum {
	MEMORY_KIB_MIN = 8,
	PASSES_MAX = 16,
	LANES_MAX = 16,
	/* The only version of argon2 that libsodium verifies (RFC 9106). */
	ARGON2_VERSION = 19,
	ARGON2_SALT_MIN = 8,
	/* Nanoseconds of each KiB in each pass. */
	ARGON2_WORK_NS = 700,
	KIB = 1024,
	/*
	 * What libsodium takes beside the block, and as much again: a number of
	 * 8 bytes for each KiB of a quarter, and small change.
	 */
	BESIDE_SHARE = 256,
	BESIDE_KIB = 64,
	/* Where a string without '$' has left what decides about its cost. */
	BARE_COST_LEN = 18,
};

/* A PHC string $argon2id$v=19$m=..,t=..,p=..$salt$hash taken apart. */
struct argon2 {
	int64_t memory_kib;
	int64_t passes;
	int64_t lanes;
};

bool
pwhash_take_number(struct str *list, char sep, struct str name,
    int64_t *value_r)
{
	struct str part;

	(void)str_cut(list, sep, &part);
	return str_starts(part, name) &&
	    str_to_int64(str_from_offset(part, name.len), value_r) == 1;
}

bool
pwhash_is_within(int64_t value, int64_t least, int64_t most)
{
	return value >= least && value <= most;
}

static void
log_no_memory(int64_t memory_kib)
{
	log_error("pwhash", "no memory for a hash of %lld KiB",
	    (long long)memory_kib);
}

static bool
is_to_be_had(int64_t memory_kib)
{
	/* Volatile, or the compiler leaves out memory that nobody uses. */
	void *volatile probe = malloc((size_t)memory_kib * KIB);

	free(probe);
	return probe != NULL;
}

bool
pwhash_has_memory(int64_t memory_kib)
{
	if (is_to_be_had(memory_kib))
		return true;
	log_no_memory(memory_kib);
	return false;
}

/* salt$digest, both base64 without padding. */
static bool
is_salt_and_digest(struct str rest)
{
	unsigned char bytes[LIMIT_PASSWORD_HASH];
	struct str salt;
	size_t len;

	(void)str_cut(&rest, '$', &salt);
	return b64_decode_unpadded(salt, bytes, &len) == 1 &&
	    pwhash_is_within((int64_t)len, ARGON2_SALT_MIN, PWHASH_SALT_MAX) &&
	    b64_decode_unpadded(rest, bytes, &len) == 1 &&
	    pwhash_is_within((int64_t)len, PWHASH_DIGEST_MIN,
	        PWHASH_DIGEST_MAX);
}

/* stored is at most LIMIT_PASSWORD_HASH long. */
static const char *
argon2_parse(struct str stored, struct argon2 *argon2_r)
{
	struct str rest = str_from_offset(stored, 1);
	struct str part;
	struct str costs;
	int64_t version;

	/* The name of the scheme, which chose this function. */
	(void)str_cut(&rest, '$', &part);
	if (!pwhash_take_number(&rest, '$', STR("v="), &version) ||
	    version != ARGON2_VERSION)
		return PWHASH_DAMAGED;
	(void)str_cut(&rest, '$', &costs);
	if (!pwhash_take_number(&costs, ',', STR("m="),
	        &argon2_r->memory_kib) ||
	    !pwhash_take_number(&costs, ',', STR("t="), &argon2_r->passes) ||
	    !pwhash_take_number(&costs, ',', STR("p="), &argon2_r->lanes) ||
	    costs.len > 0 || argon2_r->memory_kib < MEMORY_KIB_MIN ||
	    argon2_r->passes < 1 || argon2_r->lanes < 1 ||
	    !is_salt_and_digest(rest))
		return PWHASH_DAMAGED;
	if (argon2_r->memory_kib > PWHASH_MEMORY_KIB_MAX ||
	    argon2_r->passes > PASSES_MAX || argon2_r->lanes > LANES_MAX)
		return PWHASH_TOO_DEAR;
	return NULL;
}

static const char *
argon2_judge(struct str stored, int64_t *work_us_r)
{
	struct argon2 argon2;
	const char *reason = argon2_parse(stored, &argon2);

	if (reason == NULL)
		*work_us_r =
		    argon2.memory_kib * argon2.passes * ARGON2_WORK_NS / 1000;
	return reason;
}

static int
argon2_check(struct secret password, struct str stored)
{
	struct argon2 argon2;
	bool has_memory;
	bool is_equal = false;

	if (argon2_parse(stored, &argon2) != NULL)
		return 0;
	/* libsodium reports want of memory as a password that is wrong. */
	has_memory =
	    is_to_be_had(BESIDE_KIB + argon2.memory_kib / BESIDE_SHARE);
	if (has_memory) {
		pwhash_memory_begin();
		is_equal = crypto_pwhash_str_verify(stored.ptr,
		               (const char *)password.ptr, password.len) == 0;
		has_memory = pwhash_memory_end();
	}
	if (has_memory)
		return is_equal;
	log_no_memory(argon2.memory_kib);
	return -1;
}

/* The first one is for new hashes; no two prefixes fit the same string. */
static const struct pwhash_scheme schemes[] = {
	{ "argon2id", STR_INIT("$argon2id$"), argon2_judge, argon2_check },
	{ "argon2i", STR_INIT("$argon2i$"), argon2_judge, argon2_check },
	{ "bcrypt", STR_INIT("$2a$"), pwhash_bcrypt_judge,
	    pwhash_bcrypt_check },
	{ "bcrypt", STR_INIT("$2b$"), pwhash_bcrypt_judge,
	    pwhash_bcrypt_check },
	{ "bcrypt", STR_INIT("$2y$"), pwhash_bcrypt_judge,
	    pwhash_bcrypt_check },
	{ "yescrypt", STR_INIT("$y$"), pwhash_yescrypt_judge,
	    pwhash_yescrypt_check },
	{ "scrypt", STR_INIT("$scrypt$"), pwhash_scrypt_judge,
	    pwhash_scrypt_check },
	{ "django", STR_INIT("pbkdf2_sha256$"), pwhash_django_judge,
	    pwhash_django_check },
	/* base64 of a first byte 0 or 1. */
	{ "aspnet", STR_INIT("A"), pwhash_aspnet_judge, pwhash_aspnet_check },
};

/* Returns the row of a string that can be computed, or NULL and why not. */
static const struct pwhash_scheme *
find_scheme(struct str stored, int64_t *work_us_r, const char **reason_r)
{
	*reason_r = "is of no scheme that is known here";
	if (stored.len > LIMIT_PASSWORD_HASH || str_has_byte(stored, '\0')) {
		*reason_r = PWHASH_DAMAGED;
		return NULL;
	}
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		if (!str_starts(stored, schemes[i].prefix))
			continue;
		*reason_r = schemes[i].judge(stored, work_us_r);
		if (*reason_r == NULL && *work_us_r > PWHASH_WORK_US_MAX)
			*reason_r = PWHASH_TOO_DEAR;
		return *reason_r == NULL ? &schemes[i] : NULL;
	}
	return NULL;
}

/* A terminated copy, for the libraries. */
static struct str
copy(struct str stored, char text_r[PWHASH_SIZE])
{
	memcpy(text_r, stored.ptr, stored.len);
	text_r[stored.len] = '\0';
	return (struct str){ text_r, stored.len };
}

int
pwhash_start(void)
{
	if (sodium_init() >= 0)
		return 1;
	log_error("pwhash", "libsodium does not start");
	return -1;
}

int
pwhash_make(struct secret password, const struct pwhash_cost *cost,
    char hash_r[PWHASH_SIZE])
{
	char made[crypto_pwhash_STRBYTES];
	int rc;

	_Static_assert(sizeof made <= PWHASH_SIZE, "a hash fits its column");
	/* Never make what pwhash_check would refuse. */
	if (!pwhash_is_within(cost->memory_kib, MEMORY_KIB_MIN,
	        PWHASH_MEMORY_KIB_MAX) ||
	    !pwhash_is_within(cost->passes, 1, PASSES_MAX)) {
		log_error("pwhash",
		    "a cost of %lld KiB and %lld passes is out of bounds",
		    (long long)cost->memory_kib, (long long)cost->passes);
		return -1;
	}
	pwhash_memory_begin();
	rc = crypto_pwhash_str_alg(made, (const char *)password.ptr,
	    password.len, (unsigned long long)cost->passes,
	    (size_t)cost->memory_kib * KIB, crypto_pwhash_ALG_ARGON2ID13);
	if (!pwhash_memory_end() || rc != 0) {
		log_no_memory(cost->memory_kib);
		return -1;
	}
	memcpy(hash_r, made, strlen(made) + 1);
	return 1;
}

int
pwhash_judge(struct str stored, struct pwhash_kind *kind_r,
    const char **reason_r)
{
	int64_t work_us;
	const struct pwhash_scheme *scheme =
	    find_scheme(stored, &work_us, reason_r);

	if (scheme == NULL)
		return 0;
	*kind_r = (struct pwhash_kind){
		.scheme = scheme->name,
		.work_us = work_us,
		.is_foreign = scheme != &schemes[0],
	};
	return 1;
}

int
pwhash_check(struct secret password, struct str stored)
{
	char text[PWHASH_SIZE];
	const char *reason;
	int64_t work_us;
	const struct pwhash_scheme *scheme =
	    find_scheme(stored, &work_us, &reason);

	if (scheme == NULL)
		return 0;
	/* The others bring memory of their own: not beside what was kept. */
	if (scheme->check != argon2_check)
		pwhash_release(0);
	return scheme->check(password, copy(stored, text));
}

void
pwhash_anonymize(struct str stored, char text_r[PWHASH_SIZE])
{
	const char *last;
	size_t at = BARE_COST_LEN;

	stored = copy(stored, text_r);
	last = strrchr(text_r, '$');
	if (last != NULL)
		at = (size_t)(last + 1 - text_r);
	for (; at < stored.len; at++)
		if (text_r[at] != '=')
			text_r[at] = 'A';
}

/* Salt and hash are zeroes: neither tells what it takes to check them. */
void
pwhash_dummy(const struct pwhash_cost *cost, char text_r[PWHASH_SIZE])
{
	static const char zeroes[] =
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

	snprintf(text_r, PWHASH_SIZE,
	    "%sv=19$m=%" PRId64 ",t=%" PRId64 ",p=1$%.22s$%s",
	    schemes[0].prefix.ptr, cost->memory_kib, cost->passes, zeroes,
	    zeroes);
}

/* Returns 1, or 0 for another scheme or what no password can match. */
static int
argon2id_parse(struct str stored, struct argon2 *argon2_r)
{
	return stored.len <= LIMIT_PASSWORD_HASH &&
	    str_starts(stored, schemes[0].prefix) &&
	    argon2_parse(stored, argon2_r) == NULL;
}

bool
pwhash_is_outdated(struct str stored, const struct pwhash_cost *cost)
{
	struct argon2 argon2;

	/* libsodium always writes one lane. */
	return argon2id_parse(stored, &argon2) == 0 || argon2.lanes != 1 ||
	    argon2.memory_kib != cost->memory_kib ||
	    argon2.passes != cost->passes;
}

int
pwhash_cost_of(struct str stored, struct pwhash_cost *cost_r)
{
	struct argon2 argon2;

	if (argon2id_parse(stored, &argon2) == 0)
		return 0;
	*cost_r = (struct pwhash_cost){
		.memory_kib = argon2.memory_kib,
		.passes = argon2.passes,
	};
	return 1;
}

bool
pwhash_cost_is_strong(const struct pwhash_cost *cost)
{
	/* OWASP Password Storage Cheat Sheet, argon2id with one lane. */
	static const struct pwhash_cost least[] = {
		{ 47104, 1 },
		{ 19456, 2 },
		{ 12288, 3 },
		{ 9216, 4 },
		{ 7168, 5 },
	};

	for (size_t i = 0; i < ARRAY_LEN(least); i++)
		if (cost->memory_kib >= least[i].memory_kib &&
		    cost->passes >= least[i].passes)
			return true;
	return false;
}
