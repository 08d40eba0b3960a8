/* Access tokens: JWTs by the profile of RFC 9068. */
#include "auth/token.h"

#include "auth/keys.h"
#include "auth/view.h"
#include "base/jsonw.h"
#include "base/limits.h"
#include "base/log.h"

/* Claims about the person; those not known are left out. */
static void
write_person(struct jsonw *w, const struct user *user)
{
	jsonw_str(w, "email", user->email);
	view_roles(w, "roles", user->roles);
	if (user->username.ptr != NULL)
		jsonw_str(w, "preferred_username", user->username);
	if (user->phone_number.ptr != NULL)
		jsonw_str(w, "phone_number", user->phone_number);
	if (user->age.is_set)
		jsonw_int(w, "age", user->age.value);
}

int
token_mint(struct context *context, const struct user *user,
    const struct uuid *session_id, int64_t expires_s, struct str *token_r)
{
	const struct config *config = context->app->config;
	const int64_t now_s = context->now.unix_s;
	struct buf payload = BUF_IN(context->arena);
	struct buf token = BUF_IN(context->arena);
	struct jsonw w = JSONW_INTO(&payload);
	struct str text;
	struct uuid jti;

	if (uuid_new(context->now.unix_ms, &jti) < 0) {
		log_error("token", "no randomness to be had");
		return -1;
	}
	jsonw_object(&w, NULL);
	jsonw_str(&w, "iss", str_from(config->issuer));
	jsonw_str(&w, "aud", str_from(config->token_audience));
	jsonw_uuid(&w, "sub", &user->id);
	jsonw_uuid(&w, "sid", session_id);
	jsonw_int(&w, "ver", user->token_version);
	jsonw_uuid(&w, "jti", &jti);
	jsonw_int(&w, "iat", now_s);
	jsonw_int(&w, "nbf", now_s);
	jsonw_int(&w, "exp", expires_s);
	jsonw_str(&w, "client_id", str_from(config->token_client_id));
	jsonw_str(&w, "token_use", STR("access"));
	write_person(&w, user);
	jsonw_object_end(&w);
	if (buf_str(&payload, &text) < 0 ||
	    jws_sign(keys_signing(context->keys), str_from(config->token_typ),
	        text, &token) < 0 ||
	    buf_str(&token, token_r) < 0 || token_r->len > LIMIT_TOKEN_MINTED) {
		log_error("token", "a token can't be minted");
		return -1;
	}
	return 1;
}
