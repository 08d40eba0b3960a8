/* Refresh tokens: their bytes and their MAC. */
#include "auth/reftoken.h"

#include "base/b64.h"
#include "base/log.h"
#include "wrap/digest.h"

enum {
	VERSION = 1,
	AT_VERSION = 0,
	AT_MAC_KEY = 1,
	AT_SESSION = 5,
	AT_GENERATION = 21,
	AT_SECRET = 29,
	AT_MAC = 61,
	SIZE = 93,
	TEXT_LEN = B64_LEN(SIZE),
};

_Static_assert(AT_SESSION + UUID_SIZE == AT_GENERATION, "layout");
_Static_assert(AT_SECRET + SESSION_SECRET_SIZE == AT_MAC, "layout");
_Static_assert(AT_MAC + DIGEST_SIZE == SIZE, "layout");

static const struct str prefix = STR_INIT("lkr_");
/* Keeps these MACs apart from any other use of the same key. */
static const struct str purpose = STR_INIT("latchkey refresh token\n");

static void
put_number(unsigned char *at, uint64_t value, int bytes)
{
	for (int i = bytes - 1; i >= 0; i--) {
		at[i] = (unsigned char)(value & 0xff);
		value >>= 8;
	}
}

static uint64_t
get_number(const unsigned char *at, int bytes)
{
	uint64_t value = 0;

	for (int i = 0; i < bytes; i++)
		value = value << 8 | at[i];
	return value;
}

static int
compute_mac(const struct mac_key *key, const unsigned char bytes[AT_MAC],
    unsigned char mac_r[DIGEST_SIZE])
{
	char input[64 + AT_MAC];
	int rc;

	memcpy(input, purpose.ptr, purpose.len);
	memcpy(input + purpose.len, bytes, AT_MAC);
	rc = digest_hmac(key->bytes,
	    (struct str){ input, purpose.len + AT_MAC }, mac_r);
	secret_wipe(input, sizeof input);
	return rc;
}

int
reftoken_encode(const struct keys *keys, struct arena *arena,
    const struct reftoken *token, struct str *text_r)
{
	const struct mac_key *key = keys_mac_find(keys, token->mac_key);
	struct buf text = BUF_IN(arena);
	unsigned char bytes[SIZE];
	int rc = -1;

	if (key == NULL) {
		log_error("token", "MAC key %08x is gone",
		    (unsigned int)token->mac_key);
		return -1;
	}
	bytes[AT_VERSION] = VERSION;
	put_number(bytes + AT_MAC_KEY, token->mac_key, 4);
	memcpy(bytes + AT_SESSION, token->session_id.bytes, UUID_SIZE);
	put_number(bytes + AT_GENERATION, (uint64_t)token->generation, 8);
	memcpy(bytes + AT_SECRET, token->secret, SESSION_SECRET_SIZE);
	if (compute_mac(key, bytes, bytes + AT_MAC) == 1) {
		buf_add(&text, prefix);
		b64_encode(&text, bytes, sizeof bytes);
		rc = buf_str(&text, text_r);
	}
	secret_wipe(bytes, sizeof bytes);
	return rc;
}

/* Returns 1 where the MAC is right, 0, or -1. */
static int
check_mac(const struct keys *keys, const unsigned char bytes[SIZE])
{
	const struct mac_key *key =
	    keys_mac_find(keys, (uint32_t)get_number(bytes + AT_MAC_KEY, 4));
	unsigned char mac[DIGEST_SIZE];

	if (key == NULL)
		return 0;
	if (compute_mac(key, bytes, mac) < 0)
		return -1;
	return secret_equal((struct secret){ mac, sizeof mac },
	    (struct secret){ bytes + AT_MAC, DIGEST_SIZE });
}

int
reftoken_decode(const struct keys *keys, struct str text,
    struct reftoken *token_r)
{
	unsigned char bytes[SIZE];
	uint64_t generation;
	size_t len;
	int rc;

	if (text.len != prefix.len + TEXT_LEN || !str_starts(text, prefix) ||
	    b64_decode(str_from_offset(text, prefix.len), bytes, &len) != 1 ||
	    bytes[AT_VERSION] != VERSION)
		return 0;
	generation = get_number(bytes + AT_GENERATION, 8);
	rc = check_mac(keys, bytes);
	if (rc == 1 && (generation == 0 || generation >= INT64_MAX))
		rc = 0;
	if (rc == 1) {
		token_r->mac_key = (uint32_t)get_number(bytes + AT_MAC_KEY, 4);
		memcpy(token_r->session_id.bytes, bytes + AT_SESSION,
		    UUID_SIZE);
		token_r->generation = (int64_t)generation;
		memcpy(token_r->secret, bytes + AT_SECRET, SESSION_SECRET_SIZE);
	}
	secret_wipe(bytes, sizeof bytes);
	return rc;
}

int
reftoken_hash(const struct reftoken *token,
    unsigned char hash_r[SESSION_HASH_SIZE])
{
	return digest_sha256((struct str){ (const char *)token->secret,
	                         sizeof token->secret },
	    hash_r);
}
