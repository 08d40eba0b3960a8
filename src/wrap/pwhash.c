/* Password hashes: a table of schemes, argon2id first. */
#include "wrap/pwhash.h"

#include "base/log.h"

#include <sodium.h>

/*
 * What a stored string may ask for.  The dearest one takes some seconds of
 * one processor, so a hostile row can't hold the machine, and still leaves
 * room for ten times the memory anybody recommends.
 */
enum {
	MEMORY_KIB_MIN = 8,
	MEMORY_KIB_MAX = 256 * 1024,
	PASSES_MAX = 16,
	LANES_MAX = 16,
	/* The only version of argon2 that libsodium verifies (RFC 9106). */
	ARGON2_VERSION = 19,
	KIB = 1024,
};

/* A PHC string $argon2id$v=19$m=..,t=..,p=..$salt$hash taken apart. */
struct argon2id {
	int64_t memory_kib;
	int64_t passes;
	int64_t lanes;
};

/* A scheme by the prefix of its strings; the first one is for new hashes. */
struct scheme {
	struct str prefix;
	/* As pwhash_check; stored is terminated. */
	int (*check)(struct secret password, const char *stored);
};

/* "name=digits" of the list, which goes on behind it. */
static bool
take_number(struct str *list, char sep, struct str name, int64_t *value_r)
{
	struct str part;

	(void)str_cut(list, sep, &part);
	return str_starts(part, name) &&
	    str_to_int64(str_from_offset(part, name.len), value_r) == 1;
}

static bool
is_within(int64_t value, int64_t least, int64_t most)
{
	return value >= least && value <= most;
}

/* Returns 1, or 0 for another scheme or a cost out of bounds. */
static int
argon2id_parse(struct str stored, struct argon2id *argon2id_r)
{
	const struct str prefix = STR("$argon2id$");
	struct argon2id parsed;
	struct str costs;
	int64_t version;

	if (!str_starts(stored, prefix))
		return 0;
	stored = str_from_offset(stored, prefix.len);
	if (!take_number(&stored, '$', STR("v="), &version) ||
	    version != ARGON2_VERSION)
		return 0;
	(void)str_cut(&stored, '$', &costs);
	if (!take_number(&costs, ',', STR("m="), &parsed.memory_kib) ||
	    !take_number(&costs, ',', STR("t="), &parsed.passes) ||
	    !take_number(&costs, ',', STR("p="), &parsed.lanes) ||
	    costs.len > 0)
		return 0;
	if (!is_within(parsed.memory_kib, MEMORY_KIB_MIN, MEMORY_KIB_MAX) ||
	    !is_within(parsed.passes, 1, PASSES_MAX) ||
	    !is_within(parsed.lanes, 1, LANES_MAX))
		return 0;
	*argon2id_r = parsed;
	return 1;
}

/* Whether so much memory can be had at this moment. */
static bool
has_memory(int64_t memory_kib)
{
	/* Volatile, or the compiler leaves out memory that nobody uses. */
	void *volatile probe = malloc((size_t)memory_kib * KIB);

	free(probe);
	return probe != NULL;
}

static int
argon2id_check(struct secret password, const char *stored)
{
	struct argon2id parsed;

	if (argon2id_parse(str_from(stored), &parsed) == 0)
		return 0;
	/* libsodium reports want of memory as a password that is wrong. */
	if (!has_memory(parsed.memory_kib)) {
		log_error("pwhash", "no memory for a hash of %lld KiB",
		    (long long)parsed.memory_kib);
		return -1;
	}
	return crypto_pwhash_str_verify(stored, (const char *)password.ptr,
	           password.len) == 0;
}

static const struct scheme schemes[] = {
	{ STR_INIT("$argon2id$"), argon2id_check },
};

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

	_Static_assert(sizeof made <= PWHASH_SIZE, "a hash fits its column");
	/* Never make what pwhash_check would refuse. */
	if (!is_within(cost->memory_kib, MEMORY_KIB_MIN, MEMORY_KIB_MAX) ||
	    !is_within(cost->passes, 1, PASSES_MAX)) {
		log_error("pwhash",
		    "a cost of %lld KiB and %lld passes is out of bounds",
		    (long long)cost->memory_kib, (long long)cost->passes);
		return -1;
	}
	if (crypto_pwhash_str_alg(made, (const char *)password.ptr,
	        password.len, (unsigned long long)cost->passes,
	        (size_t)cost->memory_kib * KIB,
	        crypto_pwhash_ALG_ARGON2ID13) != 0) {
		log_error("pwhash", "no memory for a hash of %lld KiB",
		    (long long)cost->memory_kib);
		return -1;
	}
	memcpy(hash_r, made, strlen(made) + 1);
	return 1;
}

int
pwhash_check(struct secret password, struct str stored)
{
	char text[PWHASH_SIZE];

	if (stored.len >= sizeof text || str_has_byte(stored, '\0'))
		return 0;
	if (stored.len > 0)
		memcpy(text, stored.ptr, stored.len);
	text[stored.len] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++)
		if (str_starts(stored, schemes[i].prefix))
			return schemes[i].check(password, text);
	return 0;
}

bool
pwhash_is_outdated(struct str stored, const struct pwhash_cost *cost)
{
	struct argon2id parsed;

	/* libsodium always writes one lane. */
	return argon2id_parse(stored, &parsed) == 0 || parsed.lanes != 1 ||
	    parsed.memory_kib != cost->memory_kib ||
	    parsed.passes != cost->passes;
}

int
pwhash_cost_of(struct str stored, struct pwhash_cost *cost_r)
{
	struct argon2id parsed;

	if (argon2id_parse(stored, &parsed) == 0)
		return 0;
	*cost_r = (struct pwhash_cost){
		.memory_kib = parsed.memory_kib,
		.passes = parsed.passes,
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
