/* Compact tokens: taken apart, checked and made. */
#include "wrap/jws.h"

#include "base/b64.h"
#include "base/limits.h"
#include "base/log.h"
#include "wrap/json.h"
#include "wrap/jws_internal.h"

#include <assert.h>
#include <openssl/crypto.h>

enum { KID_MAX = 64 };

static const char *const alg_names[JWS_ALG__MAX] = {
	[JWS_ES256] = "ES256",
	[JWS_HS256] = "HS256",
	[JWS_RS256] = "RS256",
	[JWS_EDDSA] = "EdDSA",
};

static const char *const verdict_names[JWS_VERDICT__MAX] = {
	[JWS_OK] = "ok",
	[JWS_TOO_LARGE] = "too_large",
	[JWS_MALFORMED] = "malformed",
	[JWS_BAD_HEADER] = "bad_header",
	[JWS_UNKNOWN_KEY] = "unknown_key",
	[JWS_WRONG_ALG] = "wrong_alg",
	[JWS_BAD_SIGNATURE] = "bad_signature",
	[JWS_FAILED] = "failed",
};

/* The three parts of a token, still encoded. */
struct segments {
	struct str header;
	struct str payload;
	struct str signature;
	struct str signing_input;
};

const char *
jws_alg_name(enum jws_alg alg)
{
	assert(alg < JWS_ALG__MAX);
	return alg_names[alg];
}

int
jws_alg_parse(struct str name, enum jws_alg *alg_r)
{
	for (size_t i = 0; i < JWS_ALG__MAX; i++) {
		if (str_equal(name, str_from(alg_names[i]))) {
			*alg_r = (enum jws_alg)i;
			return 1;
		}
	}
	return 0;
}

const char *
jws_verdict_name(enum jws_verdict verdict)
{
	assert(verdict < JWS_VERDICT__MAX);
	return verdict_names[verdict];
}

/* A further dot stays in the last part and is refused as base64url. */
static enum jws_verdict
split(struct str token, struct segments *segments_r)
{
	struct str rest = token;
	struct segments parts;

	if (token.len > LIMIT_TOKEN)
		return JWS_TOO_LARGE;
	if (!str_cut(&rest, '.', &parts.header) ||
	    !str_cut(&rest, '.', &parts.payload))
		return JWS_MALFORMED;
	parts.signature = rest;
	if (parts.header.len == 0 || parts.payload.len == 0 ||
	    parts.signature.len == 0)
		return JWS_MALFORMED;
	parts.signing_input =
	    (struct str){ token.ptr, token.len - parts.signature.len - 1 };
	*segments_r = parts;
	return JWS_OK;
}

static enum jws_verdict
decode(struct arena *arena, struct str text, struct str *bytes_r)
{
	unsigned char *bytes = arena_alloc(arena, text.len);
	size_t len;

	if (bytes == NULL) {
		log_error("jws", "a token does not fit into the arena");
		return JWS_FAILED;
	}
	if (b64_decode(text, bytes, &len) == 0)
		return JWS_MALFORMED;
	*bytes_r = (struct str){ (const char *)bytes, len };
	return JWS_OK;
}

/* Payload and signature, with the input the signature is over. */
static enum jws_verdict
decode_body(struct arena *arena, const struct segments *segments,
    struct jws_parts *parts)
{
	const enum jws_verdict verdict =
	    decode(arena, segments->payload, &parts->payload);

	if (verdict != JWS_OK)
		return verdict;
	parts->signing_input = segments->signing_input;
	return decode(arena, segments->signature, &parts->signature);
}

static bool
is_kid(struct str kid)
{
	if (kid.len == 0 || kid.len > KID_MAX)
		return false;
	for (size_t i = 0; i < kid.len; i++)
		if (!ascii_is_alnum(kid.ptr[i]) &&
		    !str_has_byte(STR("._-"), kid.ptr[i]))
			return false;
	return true;
}

/* A string member of the header; absent leaves *value_r absent. */
static bool
header_str(const struct json_value *header, const char *name, size_t *seen,
    struct str *value_r)
{
	const struct json_value *value = json_member(header, name);

	*value_r = STR_NONE;
	if (value == NULL)
		return true;
	if (json_type_of(value) != JSON_STRING)
		return false;
	++*seen;
	*value_r = json_str(value);
	return true;
}

/*
 * Only alg, kid and typ, all of them strings.  A token that brings its own
 * key (jwk, jku, x5u, x5c), an extension (crit, b64) or compression (zip) is
 * refused by the count of its members (RFC 8725, 3.10).
 */
static enum jws_verdict
read_header(struct arena *arena, const struct json_value *header,
    struct jws_parts *parts)
{
	struct str alg;
	struct str kid;
	struct str typ;
	size_t seen = 0;

	if (!header_str(header, "alg", &seen, &alg) ||
	    !header_str(header, "kid", &seen, &kid) ||
	    !header_str(header, "typ", &seen, &typ) ||
	    json_count(header) != seen)
		return JWS_BAD_HEADER;
	if (alg.ptr == NULL || (kid.ptr != NULL && !is_kid(kid)))
		return JWS_BAD_HEADER;
	parts->alg = str_copy(arena, alg);
	parts->kid = kid.ptr == NULL ? kid : str_copy(arena, kid);
	parts->typ = typ.ptr == NULL ? typ : str_copy(arena, typ);
	if (parts->alg.ptr == NULL || (kid.ptr != NULL && !parts->kid.ptr) ||
	    (typ.ptr != NULL && !parts->typ.ptr)) {
		log_error("jws", "a header does not fit into the arena");
		return JWS_FAILED;
	}
	return JWS_OK;
}

static enum jws_verdict
decode_header(struct arena *arena, struct str segment, struct jws_parts *parts)
{
	enum jws_verdict verdict;
	struct json *json;
	struct str text;
	int rc;

	verdict = decode(arena, segment, &text);
	if (verdict != JWS_OK)
		return verdict;
	rc = json_parse_object(text, &json);
	if (rc < 0) {
		log_error("jws", "no memory for a header");
		return JWS_FAILED;
	}
	if (rc == 0)
		return JWS_BAD_HEADER;
	verdict = read_header(arena, json_root(json), parts);
	json_free(&json);
	return verdict;
}

enum jws_verdict
jws_parse(struct arena *arena, struct str token, struct jws_parts *parts_r)
{
	struct segments segments;
	struct jws_parts parts;
	enum jws_verdict verdict = split(token, &segments);

	if (verdict == JWS_OK)
		verdict = decode_body(arena, &segments, &parts);
	if (verdict == JWS_OK)
		verdict = decode_header(arena, segments.header, &parts);
	if (verdict == JWS_OK)
		*parts_r = parts;
	return verdict;
}

static enum jws_verdict
check_signature(const struct jws_key *key, const struct jws_parts *parts)
{
	const int rc =
	    jws_sig_check(key, parts->signing_input, parts->signature);

	if (rc < 0)
		return JWS_FAILED;
	return rc == 1 ? JWS_OK : JWS_BAD_SIGNATURE;
}

enum jws_verdict
jws_check(const struct jws_key *key, const struct jws_parts *parts)
{
	if (!str_equal(parts->alg, str_from(jws_alg_name(key->alg))))
		return JWS_WRONG_ALG;
	return check_signature(key, parts);
}

/* The key that would have written this very header. */
static const struct jws_key *
key_by_header(const struct jws_keys *keys, struct str typ, struct str header)
{
	for (size_t i = 0; i < keys->count; i++)
		if (str_equal(header, jws_key_header(keys->list[i], typ)))
			return keys->list[i];
	return NULL;
}

static const struct jws_key *
key_by_kid(const struct jws_keys *keys, struct str kid)
{
	for (size_t i = 0; i < keys->count; i++)
		if (str_equal(kid, str_from(keys->list[i]->kid)))
			return keys->list[i];
	return NULL;
}

/* A header in another spelling than our own: parse it. */
static enum jws_verdict
check_foreign(struct arena *arena, const struct jws_keys *keys, struct str typ,
    struct str token, struct str *payload_r)
{
	const struct jws_key *key;
	struct jws_parts parts;
	enum jws_verdict verdict = jws_parse(arena, token, &parts);

	if (verdict != JWS_OK)
		return verdict;
	if (parts.typ.ptr == NULL || !str_equal(parts.typ, typ))
		return JWS_BAD_HEADER;
	key = key_by_kid(keys, parts.kid);
	if (key == NULL)
		return JWS_UNKNOWN_KEY;
	verdict = jws_check(key, &parts);
	if (verdict == JWS_OK)
		*payload_r = parts.payload;
	return verdict;
}

enum jws_verdict
jws_verify(struct arena *arena, const struct jws_keys *keys, struct str typ,
    struct str token, struct str *payload_r)
{
	const struct jws_key *key;
	struct segments segments;
	struct jws_parts parts;
	enum jws_verdict verdict = split(token, &segments);

	if (verdict != JWS_OK)
		return verdict;
	/* Equal bytes say equal alg, kid and typ: nothing to parse. */
	key = key_by_header(keys, typ, segments.header);
	if (key == NULL)
		return check_foreign(arena, keys, typ, token, payload_r);
	verdict = decode_body(arena, &segments, &parts);
	if (verdict == JWS_OK)
		verdict = check_signature(key, &parts);
	if (verdict == JWS_OK)
		*payload_r = parts.payload;
	return verdict;
}

int
jws_sign(const struct jws_key *key, struct str typ, struct str payload,
    struct buf *buf)
{
	unsigned char sig[JWS_SIGNATURE_MAX];
	const size_t start = buf->len;
	struct str input;
	size_t sig_len;

	if (!key->can_sign) {
		log_error("jws", "a public key can't sign");
		return -1;
	}
	jws_key_add_header(key, typ, buf);
	buf_add_byte(buf, '.');
	b64_encode(buf, payload.ptr, payload.len);
	if (buf_str(buf, &input) < 0) {
		log_error("jws", "a token does not fit into the arena");
		return -1;
	}
	input = str_from_offset(input, start);
	if (jws_sig_make(key, input, sig, &sig_len) < 0)
		return -1;
	buf_add_byte(buf, '.');
	b64_encode(buf, sig, sig_len);
	if (buf->is_failed) {
		log_error("jws", "a token does not fit into the arena");
		return -1;
	}
	return 1;
}

void
jws_thread_end(void)
{
	OPENSSL_thread_stop();
}
