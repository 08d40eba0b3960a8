/* What a presented access token must have before it is believed. */
#include "auth/token.h"

#include "auth/keys.h"
#include "auth/token_cache.h"
#include "auth/token_internal.h"
#include "base/limits.h"
#include "base/name.h"
#include "wrap/digest.h"
#include "wrap/json.h"

enum {
	/* Hosts' clocks differ by this much at most (nbf and iat). */
	SKEW_S = 5,
	JTI_MAX = 64,
};

/* What says nothing about the token. */
static const char no_memory[] = "memory";

/* Each claim check returns NULL or the word for the log. */
static bool
is_text(const struct json_value *value, struct str wanted)
{
	return json_type_of(value) == JSON_STRING &&
	    str_equal(json_str(value), wanted);
}

static bool
read_int(const struct json_value *claims, const char *name, int64_t *value_r)
{
	const struct json_value *value = json_member(claims, name);

	if (json_type_of(value) != JSON_INT || json_int(value) < 0)
		return false;
	*value_r = json_int(value);
	return true;
}

static bool
read_uuid(const struct json_value *claims, const char *name,
    struct uuid *uuid_r)
{
	const struct json_value *value = json_member(claims, name);

	return json_type_of(value) == JSON_STRING &&
	    uuid_parse(json_str(value), uuid_r) == 1;
}

static const char *
check_issuer(const struct config *config, const struct json_value *claims)
{
	const struct json_value *jti = json_member(claims, "jti");

	if (!is_text(json_member(claims, "iss"), str_from(config->issuer)))
		return "iss";
	if (!is_text(json_member(claims, "aud"),
	        str_from(config->token_audience)))
		return "aud";
	if (!is_text(json_member(claims, "token_use"), STR("access")))
		return "token_use";
	if (!is_text(json_member(claims, "client_id"),
	        str_from(config->token_client_id)))
		return "client_id";
	if (json_type_of(jti) != JSON_STRING || json_str(jti).len == 0 ||
	    json_str(jti).len > JTI_MAX)
		return "jti";
	/* Bound to a key whose proof nobody here could check (RFC 7800). */
	if (json_member(claims, "cnf") != NULL)
		return "cnf";
	return NULL;
}

/* Overflow-free: all three lie between 0 and INT64_MAX. */
static const char *
check_times(const struct context *context, const struct json_value *claims,
    struct identity *identity)
{
	const int64_t now_s = context->now.unix_s;

	if (!read_int(claims, "exp", &identity->expires_s))
		return "exp";
	if (!read_int(claims, "nbf", &identity->not_before_s) ||
	    identity->not_before_s > now_s + SKEW_S)
		return "nbf";
	if (!read_int(claims, "iat", &identity->issued_s) ||
	    identity->issued_s > now_s + SKEW_S)
		return "iat";
	if (identity->expires_s <= identity->issued_s ||
	    identity->expires_s - identity->issued_s >
	        context->app->config->token_access_ttl_s)
		return "lifetime";
	return NULL;
}

static int
add_role(struct buf *roles, const struct json_value *value)
{
	if (json_type_of(value) != JSON_STRING ||
	    !name_is_role(json_str(value)))
		return 0;
	if (roles->len > 0)
		buf_add_byte(roles, ',');
	buf_add(roles, json_str(value));
	return 1;
}

static const char *
read_person(struct context *context, const struct json_value *claims,
    struct identity *identity)
{
	const struct json_value *email = json_member(claims, "email");
	const struct json_value *list = json_member(claims, "roles");
	struct buf roles = BUF_IN(context->arena);

	if (!read_uuid(claims, "sub", &identity->user_id))
		return "sub";
	if (!read_uuid(claims, "sid", &identity->session_id))
		return "sid";
	if (!read_int(claims, "ver", &identity->version))
		return "ver";
	if (json_type_of(email) != JSON_STRING ||
	    json_str(email).len > LIMIT_EMAIL)
		return "email";
	if (json_type_of(list) != JSON_ARRAY || json_count(list) > LIMIT_ROLES)
		return "roles";
	for (size_t i = 0; i < json_count(list); i++)
		if (add_role(&roles, json_element(list, i)) != 1)
			return "roles";
	identity->email = str_copy(context->arena, json_str(email));
	identity->jti =
	    str_copy(context->arena, json_str(json_member(claims, "jti")));
	if (identity->email.ptr == NULL || identity->jti.ptr == NULL ||
	    buf_str(&roles, &identity->roles) < 0)
		return no_memory;
	return NULL;
}

static const char *
check_claims(struct context *context, struct str payload,
    struct identity *identity)
{
	const struct json_value *claims;
	struct json *json = NULL;
	const char *wrong;
	int rc;

	rc = json_parse_object(payload, &json);
	if (rc != 1)
		return rc < 0 ? no_memory : "payload";
	claims = json_root(json);
	wrong = check_issuer(context->app->config, claims);
	if (wrong == NULL)
		wrong = check_times(context, claims, identity);
	if (wrong == NULL)
		wrong = read_person(context, claims, identity);
	json_free(&json);
	return wrong;
}

enum token_verdict
token_judge_times(const struct context *context,
    const struct identity *identity)
{
	const int64_t now_s = context->now.unix_s;

	if (identity->not_before_s > now_s + SKEW_S ||
	    identity->issued_s > now_s + SKEW_S)
		return TOKEN_BAD;
	/* On or after exp it must not be accepted. */
	return now_s - context->app->config->token_leeway_s >=
	        identity->expires_s
	    ? TOKEN_EXPIRED
	    : TOKEN_GOOD;
}

static enum token_verdict
verify(struct context *context, struct str token, struct identity *identity_r,
    const char **reason_r)
{
	const struct config *config = context->app->config;
	struct identity identity = { .version = 0 };
	struct str payload;
	const char *wrong;
	enum token_verdict verdict;
	const enum jws_verdict signed_well =
	    jws_verify(context->arena, keys_accepted(context->keys),
	        str_from(config->token_typ), token, &payload);

	if (signed_well != JWS_OK) {
		*reason_r = jws_verdict_name(signed_well);
		return signed_well == JWS_FAILED ? TOKEN_UNKNOWN : TOKEN_BAD;
	}
	wrong = check_claims(context, payload, &identity);
	if (wrong != NULL) {
		*reason_r = wrong;
		return wrong == no_memory ? TOKEN_UNKNOWN : TOKEN_BAD;
	}
	*identity_r = identity;
	verdict = token_judge_times(context, &identity);
	if (verdict == TOKEN_EXPIRED)
		*reason_r = "expired";
	return verdict;
}

enum token_verdict
token_verify(struct context *context, struct str token,
    struct identity *identity_r, const char **reason_r)
{
	unsigned char key[TOKEN_CACHE_KEY_SIZE];
	enum token_verdict verdict;

	/* Longer ones are refused unread. */
	if (token.len > LIMIT_TOKEN || digest_sha256(token, key) < 0)
		return verify(context, token, identity_r, reason_r);
	if (token_cache_find(context, key, identity_r) == 1)
		return TOKEN_GOOD;
	verdict = verify(context, token, identity_r, reason_r);
	/* Only what is good: a bad one costs the table nothing. */
	if (verdict == TOKEN_GOOD)
		token_cache_put(context, key, identity_r);
	return verdict;
}
