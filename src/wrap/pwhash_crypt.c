/*
 * bcrypt and yescrypt by libxcrypt, to check only.  crypt() keeps its state in
 * the process; crypt_rn() in memory of the caller's, so only that may be
 * called by threads.
 */
#include "wrap/pwhash_internal.h"

#include "base/log.h"

#include <crypt.h>

enum {
	/* $2b$12$ + 22 characters of salt + 31 of digest */
	BCRYPT_LEN = 60,
	BCRYPT_COST_AT = 4,
	BCRYPT_COST_END = 6,
	BCRYPT_DIGEST_AT = 29,
	BCRYPT_COST_MIN = 4,
	/* Of 31; any beyond would be too much work anyway. */
	BCRYPT_COST_MAX = 30,
	/* At cost 0; each step doubles it. */
	BCRYPT_WORK_US = 57,
	/* What Blowfish's key schedule can take in. */
	BCRYPT_PASSWORD_MAX = 72,

	YESCRYPT_SALT_MAX = 86,
	YESCRYPT_DIGEST_LEN = 43,
	/* Parameters of one character each are below this. */
	YESCRYPT_ONE_CHAR = 48,
	YESCRYPT_WORK_US_PER_KIB = 2,
	YESCRYPT_PASSWORD_MAX = CRYPT_MAX_PASSPHRASE_SIZE - 1,

	NOT_IN_ALPHABET = 64,
};

/* The alphabet of crypt(5), by value. */
static const char alphabet[] =
    "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

static int
value_of(char c)
{
	const char *found = memchr(alphabet, c, sizeof alphabet - 1);

	return found == NULL ? NOT_IN_ALPHABET : (int)(found - alphabet);
}

static bool
is_alphabetic(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (value_of(text.ptr[i]) == NOT_IN_ALPHABET)
			return false;
	return true;
}

/*
 * Compute with the settings of stored and compare what follows digest_at.
 * Whoever hashed a password with crypt() hashed it up to its first NUL, so a
 * password that has one can't be the right one.
 */
static int
compute(struct secret password, struct str stored, size_t digest_at)
{
	char phrase[CRYPT_MAX_PASSPHRASE_SIZE] = "";
	struct crypt_data *data = calloc(1, sizeof *data);
	const char *computed;
	bool is_equal = false;

	if (data == NULL) {
		log_error("pwhash", "no memory for crypt");
		return -1;
	}
	if (password.len > 0)
		memcpy(phrase, password.ptr, password.len);
	computed = crypt_rn(phrase, stored.ptr, data, sizeof *data);
	if (computed != NULL && strlen(computed) == stored.len)
		is_equal = secret_equal((struct secret){ (const unsigned char *)
		                                             computed +
		                                digest_at,
		                            stored.len - digest_at },
		    (struct secret){ (const unsigned char *)stored.ptr +
		            digest_at,
		        stored.len - digest_at });
	secret_wipe(phrase, sizeof phrase);
	secret_wipe(data, sizeof *data);
	free(data);
	return is_equal;
}

static bool
has_nul(struct secret password)
{
	return str_has_byte((struct str){ (const char *)password.ptr,
	                        password.len },
	    '\0');
}

const char *
pwhash_bcrypt_judge(struct str stored, int64_t *work_us_r)
{
	const char *text = stored.ptr;
	int64_t cost = 0;

	if (stored.len != BCRYPT_LEN || text[BCRYPT_COST_END] != '$' ||
	    !is_alphabetic(str_from_offset(stored, BCRYPT_COST_END + 1)))
		return PWHASH_DAMAGED;
	for (size_t i = BCRYPT_COST_AT; i < BCRYPT_COST_END; i++) {
		if (!ascii_is_digit(text[i]))
			return PWHASH_DAMAGED;
		cost = cost * 10 + text[i] - '0';
	}
	if (cost < BCRYPT_COST_MIN)
		return PWHASH_DAMAGED;
	if (cost > BCRYPT_COST_MAX)
		return PWHASH_TOO_DEAR;
	*work_us_r = (int64_t)BCRYPT_WORK_US << cost;
	return NULL;
}

/*
 * bcrypt knows the first 72 bytes of a password and no more, whoever computes
 * it, so a longer one is right if these are.  The salt's last character has
 * bits that mean nothing; the digest alone is compared.
 */
int
pwhash_bcrypt_check(struct secret password, struct str stored)
{
	if (has_nul(password))
		return 0;
	if (password.len > BCRYPT_PASSWORD_MAX)
		password.len = BCRYPT_PASSWORD_MAX;
	return compute(password, stored, BCRYPT_DIGEST_AT);
}

/*
 * $y$ + flavour 'j' + log2(N) - 1 + r - 1 + $salt$digest, as crypt_gensalt(3)
 * writes it.  The format has more parameters, which nobody sets.
 */
static const char *
yescrypt_parse(struct str stored, int64_t *memory_kib_r)
{
	struct str rest = str_from_offset(stored, STR("$y$").len);
	struct str parameters;
	struct str salt;
	int n_log2;
	int r;

	(void)str_cut(&rest, '$', &parameters);
	(void)str_cut(&rest, '$', &salt);
	if (parameters.len != STR("j9T").len || parameters.ptr[0] != 'j' ||
	    salt.len == 0 || salt.len > YESCRYPT_SALT_MAX ||
	    !is_alphabetic(salt) || rest.len != YESCRYPT_DIGEST_LEN ||
	    !is_alphabetic(rest))
		return PWHASH_DAMAGED;
	n_log2 = value_of(parameters.ptr[1]);
	r = value_of(parameters.ptr[2]);
	if (n_log2 >= YESCRYPT_ONE_CHAR || r >= YESCRYPT_ONE_CHAR)
		return PWHASH_DAMAGED;
	/* 128 bytes times r times N. */
	*memory_kib_r = ((int64_t)(r + 1) << (n_log2 + 1)) / 8;
	return *memory_kib_r > PWHASH_MEMORY_KIB_MAX ? PWHASH_TOO_DEAR : NULL;
}

const char *
pwhash_yescrypt_judge(struct str stored, int64_t *work_us_r)
{
	int64_t memory_kib;
	const char *reason = yescrypt_parse(stored, &memory_kib);

	if (reason == NULL)
		*work_us_r = memory_kib * YESCRYPT_WORK_US_PER_KIB;
	return reason;
}

int
pwhash_yescrypt_check(struct secret password, struct str stored)
{
	int64_t memory_kib;

	/* No crypt() ever took a longer one. */
	if (password.len > YESCRYPT_PASSWORD_MAX || has_nul(password) ||
	    yescrypt_parse(stored, &memory_kib) != NULL)
		return 0;
	return pwhash_has_memory(memory_kib) ? compute(password, stored, 0)
	                                     : -1;
}
