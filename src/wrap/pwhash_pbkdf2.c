/* PBKDF2 as ASP.NET Core Identity and as Django store it, to check only. */
#include "wrap/pwhash_internal.h"

#include "base/b64.h"
#include "base/limits.h"
#include "wrap/digest.h"

enum {
	/* ASP.NET: a byte of version, then 2: salt and digest of fixed sizes */
	ASPNET_V2 = 0,
	ASPNET_V2_ITERATIONS = 1000,
	ASPNET_V2_SALT_LEN = 16,
	ASPNET_V2_DIGEST_LEN = 32,
	ASPNET_V2_LEN = 1 + ASPNET_V2_SALT_LEN + ASPNET_V2_DIGEST_LEN,
	/* or 3: three numbers of 32 bits, big-endian, salt and digest. */
	ASPNET_V3 = 1,
	ASPNET_V3_PRF_AT = 1,
	ASPNET_V3_ITERATIONS_AT = 5,
	ASPNET_V3_SALT_LEN_AT = 9,
	ASPNET_V3_SALT_AT = 13,
	/* As its own verifier demands. */
	ASPNET_V3_SALT_MIN = 16,

	DJANGO_DIGEST_LEN = 32,

	BYTES_MAX = LIMIT_PASSWORD_HASH,
};

/* A stored string taken apart; the digest and what made it. */
struct derived {
	struct digest_pbkdf2 how;
	struct str digest;
	/* Where salt and digest lie once they are decoded. */
	unsigned char bytes[BYTES_MAX];
};

/* Nanoseconds of one iteration, and how much it yields. */
static const struct {
	int64_t iteration_ns;
	size_t size;
} prfs[] = {
	[DIGEST_PRF_SHA1] = { 490, 20 },
	[DIGEST_PRF_SHA256] = { 450, 32 },
	[DIGEST_PRF_SHA512] = { 960, 64 },
};

static const char *
judge_work(const struct derived *derived, int64_t *work_us_r)
{
	const size_t size = prfs[derived->how.prf].size;
	const int64_t blocks =
	    (int64_t)((derived->digest.len + size - 1) / size);
	int64_t work_ns;

	if (derived->how.iterations < 1)
		return PWHASH_DAMAGED;
	if (__builtin_mul_overflow(derived->how.iterations,
	        blocks * prfs[derived->how.prf].iteration_ns, &work_ns) ||
	    work_ns / 1000 > PWHASH_WORK_US_MAX)
		return PWHASH_TOO_DEAR;
	*work_us_r = work_ns / 1000;
	return NULL;
}

static int
check(struct secret password, const struct derived *derived)
{
	unsigned char computed[BYTES_MAX];
	const size_t len = derived->digest.len;
	bool is_equal = false;
	int rc;

	if (password.len > LIMIT_BODY)
		return 0;
	rc = digest_pbkdf2(password, &derived->how, computed, len);
	if (rc == 1)
		is_equal = secret_equal((struct secret){ computed, len },
		    (struct secret){ (const unsigned char *)derived->digest.ptr,
		        len });
	secret_wipe(computed, sizeof computed);
	return rc < 0 ? -1 : is_equal;
}

static int64_t
number_at(struct str bytes, size_t at)
{
	int64_t number = 0;

	for (size_t i = at; i < at + sizeof(uint32_t); i++)
		number = number << 8 | (unsigned char)bytes.ptr[i];
	return number;
}

static const char *
parse_v2(struct str bytes, struct derived *derived_r)
{
	if (bytes.len != ASPNET_V2_LEN)
		return PWHASH_DAMAGED;
	derived_r->how = (struct digest_pbkdf2){
		.prf = DIGEST_PRF_SHA1,
		.iterations = ASPNET_V2_ITERATIONS,
		.salt = { bytes.ptr + 1, ASPNET_V2_SALT_LEN },
	};
	derived_r->digest = str_from_offset(bytes, 1 + ASPNET_V2_SALT_LEN);
	return NULL;
}

static const char *
parse_v3(struct str bytes, struct derived *derived_r)
{
	int64_t prf;
	int64_t salt_len;

	if (bytes.len < ASPNET_V3_SALT_AT)
		return PWHASH_DAMAGED;
	prf = number_at(bytes, ASPNET_V3_PRF_AT);
	salt_len = number_at(bytes, ASPNET_V3_SALT_LEN_AT);
	if (prf >= DIGEST_PRF__MAX ||
	    !pwhash_is_within(salt_len, ASPNET_V3_SALT_MIN, PWHASH_SALT_MAX))
		return PWHASH_DAMAGED;
	derived_r->how = (struct digest_pbkdf2){
		/* Numbered as in its enum KeyDerivationPrf. */
		.prf = (enum digest_prf)prf,
		.iterations = number_at(bytes, ASPNET_V3_ITERATIONS_AT),
	};
	bytes = str_from_offset(bytes, ASPNET_V3_SALT_AT);
	derived_r->how.salt = (struct str){ bytes.ptr, (size_t)salt_len };
	derived_r->digest = str_from_offset(bytes, (size_t)salt_len);
	return pwhash_is_within((int64_t)derived_r->digest.len,
	           PWHASH_DIGEST_MIN, PWHASH_DIGEST_MAX)
	    ? NULL
	    : PWHASH_DAMAGED;
}

static const char *
parse_aspnet(struct str stored, struct derived *derived_r)
{
	struct str bytes = { (const char *)derived_r->bytes, 0 };

	if (stored.len > BYTES_MAX ||
	    b64_decode_plain(stored, derived_r->bytes, &bytes.len) != 1 ||
	    bytes.len == 0)
		return PWHASH_DAMAGED;
	if (derived_r->bytes[0] == ASPNET_V2)
		return parse_v2(bytes, derived_r);
	return derived_r->bytes[0] == ASPNET_V3 ? parse_v3(bytes, derived_r)
	                                        : PWHASH_DAMAGED;
}

const char *
pwhash_aspnet_judge(struct str stored, int64_t *work_us_r)
{
	struct derived derived;
	const char *reason = parse_aspnet(stored, &derived);

	return reason == NULL ? judge_work(&derived, work_us_r) : reason;
}

int
pwhash_aspnet_check(struct secret password, struct str stored)
{
	struct derived derived;

	return parse_aspnet(stored, &derived) == NULL
	    ? check(password, &derived)
	    : 0;
}

/* pbkdf2_sha256$iterations$salt$digest; the salt is text as it stands. */
static const char *
parse_django(struct str stored, struct derived *derived_r)
{
	struct str rest = stored;
	struct str part;
	size_t len;

	if (stored.len > BYTES_MAX)
		return PWHASH_DAMAGED;
	(void)str_cut(&rest, '$', &part);
	derived_r->how.prf = DIGEST_PRF_SHA256;
	if (!pwhash_take_number(&rest, '$', STR(""),
	        &derived_r->how.iterations))
		return PWHASH_DAMAGED;
	(void)str_cut(&rest, '$', &derived_r->how.salt);
	if (derived_r->how.salt.len == 0 ||
	    b64_decode_plain(rest, derived_r->bytes, &len) != 1 ||
	    len != DJANGO_DIGEST_LEN)
		return PWHASH_DAMAGED;
	derived_r->digest = (struct str){ (char *)derived_r->bytes, len };
	return NULL;
}

const char *
pwhash_django_judge(struct str stored, int64_t *work_us_r)
{
	struct derived derived;
	const char *reason = parse_django(stored, &derived);

	return reason == NULL ? judge_work(&derived, work_us_r) : reason;
}

int
pwhash_django_check(struct secret password, struct str stored)
{
	struct derived derived;

	return parse_django(stored, &derived) == NULL
	    ? check(password, &derived)
	    : 0;
}
