/*
 * scrypt in PHC form, $scrypt$ln=..,r=..,p=..$salt$digest, to check only.  By
 * libsodium, which takes two thirds of the time of OpenSSL's.
 */
#include "wrap/pwhash_internal.h"

#include "base/b64.h"
#include "base/limits.h"
#include "base/log.h"

#include <sodium.h>

enum {
	LN_MAX = 20,
	R_MAX = 32,
	P_MAX = 16,
	/* Nanoseconds of each KiB, for each of the p lanes. */
	WORK_NS_PER_KIB = 2700,
	BYTES_MAX = LIMIT_PASSWORD_HASH,
};

struct scrypt {
	int64_t ln;
	int64_t r;
	int64_t p;
	int64_t memory_kib;
	size_t salt_len;
	size_t digest_len;
	unsigned char salt[BYTES_MAX];
	unsigned char digest[BYTES_MAX];
};

static const char *
parse_costs(struct str costs, struct scrypt *scrypt_r)
{
	if (!pwhash_take_number(&costs, ',', STR("ln="), &scrypt_r->ln) ||
	    !pwhash_take_number(&costs, ',', STR("r="), &scrypt_r->r) ||
	    !pwhash_take_number(&costs, ',', STR("p="), &scrypt_r->p) ||
	    costs.len > 0 || scrypt_r->ln < 1 || scrypt_r->r < 1 ||
	    scrypt_r->p < 1)
		return PWHASH_DAMAGED;
	if (scrypt_r->ln > LN_MAX || scrypt_r->r > R_MAX || scrypt_r->p > P_MAX)
		return PWHASH_TOO_DEAR;
	/* 128 bytes times r times N, rounded up. */
	scrypt_r->memory_kib = ((scrypt_r->r << scrypt_r->ln) + 7) / 8;
	return scrypt_r->memory_kib > PWHASH_MEMORY_KIB_MAX ? PWHASH_TOO_DEAR
	                                                    : NULL;
}

/* The usual makers write base64 with '+' and '/' and without padding. */
static const char *
parse(struct str stored, struct scrypt *scrypt_r)
{
	struct str rest = str_from_offset(stored, STR("$scrypt$").len);
	struct str costs;
	struct str salt;
	const char *reason;

	(void)str_cut(&rest, '$', &costs);
	(void)str_cut(&rest, '$', &salt);
	reason = parse_costs(costs, scrypt_r);
	if (reason != NULL)
		return reason;
	if (salt.len > BYTES_MAX || rest.len > BYTES_MAX ||
	    b64_decode_unpadded(salt, scrypt_r->salt, &scrypt_r->salt_len) !=
	        1 ||
	    b64_decode_unpadded(rest, scrypt_r->digest,
	        &scrypt_r->digest_len) != 1 ||
	    !pwhash_is_within((int64_t)scrypt_r->salt_len, 1,
	        PWHASH_SALT_MAX) ||
	    !pwhash_is_within((int64_t)scrypt_r->digest_len, PWHASH_DIGEST_MIN,
	        PWHASH_DIGEST_MAX))
		return PWHASH_DAMAGED;
	return NULL;
}

const char *
pwhash_scrypt_judge(struct str stored, int64_t *work_us_r)
{
	struct scrypt scrypt;
	const char *reason = parse(stored, &scrypt);

	if (reason == NULL)
		*work_us_r =
		    scrypt.memory_kib * scrypt.p * WORK_NS_PER_KIB / 1000;
	return reason;
}

int
pwhash_scrypt_check(struct secret password, struct str stored)
{
	unsigned char computed[PWHASH_DIGEST_MAX];
	struct scrypt scrypt;
	bool is_equal;

	if (parse(stored, &scrypt) != NULL)
		return 0;
	if (crypto_pwhash_scryptsalsa208sha256_ll(password.ptr, password.len,
	        scrypt.salt, scrypt.salt_len, 1ULL << scrypt.ln,
	        (uint32_t)scrypt.r, (uint32_t)scrypt.p, computed,
	        scrypt.digest_len) != 0) {
		log_error("pwhash", "no memory for a hash of %lld KiB",
		    (long long)scrypt.memory_kib);
		return -1;
	}
	is_equal = secret_equal((struct secret){ computed, scrypt.digest_len },
	    (struct secret){ scrypt.digest, scrypt.digest_len });
	secret_wipe(computed, sizeof computed);
	return is_equal;
}
