/* What a presented access token must have before it is believed. */
#include "auth/token.h"

#include "auth/keys.h"
#include "auth/token_cache.h"
#include "auth/token_claims.h"
#include "auth/token_internal.h"
#include "base/limits.h"
#include "wrap/digest.h"

enum {
	/* Hosts' clocks differ by this much at most (nbf and iat). */
	SKEW_S = 5,
	JTI_MAX = 64,
};

/* What says nothing about the token. */
static const char no_memory[] = "memory";

static bool
is_text(struct str claim, struct str wanted)
{
	return claim.ptr != NULL && str_equal(claim, wanted);
}

/* Each claim check returns NULL or the word for the log. */
static const char *
check_issuer(const struct config *config, const struct token_claims *claims)
{
	if (!is_text(claims->issuer, str_from(config->issuer)))
		return "iss";
	if (!is_text(claims->audience, str_from(config->token_audience)))
		return "aud";
	if (!is_text(claims->use, STR("access")))
		return "token_use";
	if (!is_text(claims->client_id, str_from(config->token_client_id)))
		return "client_id";
	if (claims->jti.len == 0 || claims->jti.len > JTI_MAX)
		return "jti";
	/* Nobody here could check the proof. */
	if (claims->has_confirmation)
		return "cnf";
	return NULL;
}

/* Overflow-free: all three lie between 0 and INT64_MAX. */
static const char *
check_times(const struct context *context, const struct token_claims *claims)
{
	const int64_t now_s = context->now.unix_s;

	if (claims->expires_s < 0)
		return "exp";
	if (claims->not_before_s < 0 || claims->not_before_s > now_s + SKEW_S)
		return "nbf";
	if (claims->issued_s < 0 || claims->issued_s > now_s + SKEW_S)
		return "iat";
	if (claims->expires_s <= claims->issued_s ||
	    claims->expires_s - claims->issued_s >
	        context->app->config->token_access_ttl_s)
		return "lifetime";
	return NULL;
}

static const char *
check_person(const struct token_claims *claims, struct identity *identity)
{
	if (uuid_parse(claims->subject, &identity->user_id) != 1)
		return "sub";
	if (uuid_parse(claims->session_id, &identity->session_id) != 1)
		return "sid";
	if (claims->version < 0)
		return "ver";
	if (claims->email.ptr == NULL || claims->email.len > LIMIT_EMAIL)
		return "email";
	if (claims->roles.ptr == NULL)
		return "roles";
	return NULL;
}

static const char *
check_claims(struct context *context, struct str payload,
    struct identity *identity)
{
	struct token_claims claims;
	const char *wrong;
	int rc;

	rc = token_claims_read(context->arena, payload, &claims);
	if (rc != 1)
		return rc < 0 ? no_memory : "payload";
	wrong = check_issuer(context->app->config, &claims);
	if (wrong == NULL)
		wrong = check_times(context, &claims);
	if (wrong == NULL)
		wrong = check_person(&claims, identity);
	identity->version = claims.version;
	identity->issued_s = claims.issued_s;
	identity->not_before_s = claims.not_before_s;
	identity->expires_s = claims.expires_s;
	identity->jti = claims.jti;
	identity->email = claims.email;
	identity->roles = claims.roles;
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
