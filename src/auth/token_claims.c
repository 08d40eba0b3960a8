/* What an access token says: out of any JSON, or out of our own spelling. */
#include "auth/token_claims.h"

#include "base/buf.h"
#include "base/jsonr.h"
#include "base/limits.h"
#include "base/name.h"
#include "wrap/json.h"

/* Returns 1, also for what is no string; -1 without memory. */
static int
copy_text(struct arena *arena, const struct json_value *claims,
    const char *name, struct str *text_r)
{
	const struct json_value *value = json_member(claims, name);

	if (json_type_of(value) != JSON_STRING)
		return 1;
	*text_r = str_copy(arena, json_str(value));
	return text_r->ptr == NULL ? -1 : 1;
}

static int64_t
count_of(const struct json_value *claims, const char *name)
{
	const struct json_value *value = json_member(claims, name);

	return json_type_of(value) == JSON_INT && json_int(value) >= 0
	    ? json_int(value)
	    : -1;
}

/* Returns 1, or 0 for what is no role. */
static int
add_role(struct buf *roles, struct str name)
{
	if (!name_is_role(name))
		return 0;
	if (roles->len > 0)
		buf_add_byte(roles, ',');
	buf_add(roles, name);
	return 1;
}

/* No role at all is a text, too. */
static int
join_roles(const struct buf *roles, struct str *roles_r)
{
	if (buf_str(roles, roles_r) < 0)
		return -1;
	if (roles_r->len == 0)
		*roles_r = STR("");
	return 1;
}

static int
copy_roles(struct arena *arena, const struct json_value *claims,
    struct str *roles_r)
{
	const struct json_value *list = json_member(claims, "roles");
	struct buf roles = BUF_IN(arena);

	if (json_type_of(list) != JSON_ARRAY || json_count(list) > LIMIT_ROLES)
		return 1;
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json_value *role = json_element(list, i);

		if (json_type_of(role) != JSON_STRING ||
		    add_role(&roles, json_str(role)) != 1)
			return 1;
	}
	return join_roles(&roles, roles_r);
}

static int
copy_claims(struct arena *arena, const struct json_value *from,
    struct token_claims *claims)
{
	const struct {
		const char *name;
		struct str *text;
	} texts[] = {
		{ "iss", &claims->issuer },
		{ "aud", &claims->audience },
		{ "token_use", &claims->use },
		{ "client_id", &claims->client_id },
		{ "jti", &claims->jti },
		{ "sub", &claims->subject },
		{ "sid", &claims->session_id },
		{ "email", &claims->email },
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (copy_text(arena, from, texts[i].name, texts[i].text) < 0)
			return -1;
	claims->version = count_of(from, "ver");
	claims->issued_s = count_of(from, "iat");
	claims->not_before_s = count_of(from, "nbf");
	claims->expires_s = count_of(from, "exp");
	claims->has_confirmation = json_member(from, "cnf") != NULL;
	return copy_roles(arena, from, &claims->roles);
}

int
token_claims_read_any(struct arena *arena, struct str payload,
    struct token_claims *claims_r)
{
	struct token_claims claims = { .has_confirmation = false };
	struct json *json = NULL;
	int rc = json_parse_object(payload, &json);

	if (rc != 1)
		return rc;
	rc = copy_claims(arena, json_root(json), &claims);
	json_free(&json);
	*claims_r = claims;
	return rc;
}

/* Returns 1, 0 for any other spelling, -1 without memory. */
static int
take_roles(struct arena *arena, struct str *rest, struct str *roles_r)
{
	struct buf roles = BUF_IN(arena);
	struct str role;

	if (!jsonr_take(rest, STR(",\"roles\":[")))
		return 0;
	for (size_t i = 0; !jsonr_take(rest, STR("]")); i++)
		if (i == LIMIT_ROLES ||
		    !jsonr_take_text(rest, i == 0 ? STR("") : STR(","),
		        &role) ||
		    add_role(&roles, role) != 1)
			return 0;
	return join_roles(&roles, roles_r);
}

/* What no check asks for. */
static bool
take_rest(struct str *rest)
{
	struct str text;
	int64_t count;

	if (str_starts(*rest, STR(",\"preferred_username\":")) &&
	    !jsonr_take_text(rest, STR(",\"preferred_username\":"), &text))
		return false;
	if (str_starts(*rest, STR(",\"phone_number\":")) &&
	    !jsonr_take_text(rest, STR(",\"phone_number\":"), &text))
		return false;
	if (str_starts(*rest, STR(",\"age\":")) &&
	    !jsonr_take_count(rest, STR(",\"age\":"), &count))
		return false;
	return str_equal(*rest, STR("}"));
}

int
token_claims_read_own(struct arena *arena, struct str payload,
    struct token_claims *claims_r)
{
	struct token_claims claims = { .has_confirmation = false };
	struct str rest = payload;
	int rc;

	if (!jsonr_take_text(&rest, STR("{\"iss\":"), &claims.issuer) ||
	    !jsonr_take_text(&rest, STR(",\"aud\":"), &claims.audience) ||
	    !jsonr_take_text(&rest, STR(",\"sub\":"), &claims.subject) ||
	    !jsonr_take_text(&rest, STR(",\"sid\":"), &claims.session_id) ||
	    !jsonr_take_count(&rest, STR(",\"ver\":"), &claims.version) ||
	    !jsonr_take_text(&rest, STR(",\"jti\":"), &claims.jti) ||
	    !jsonr_take_count(&rest, STR(",\"iat\":"), &claims.issued_s) ||
	    !jsonr_take_count(&rest, STR(",\"nbf\":"), &claims.not_before_s) ||
	    !jsonr_take_count(&rest, STR(",\"exp\":"), &claims.expires_s) ||
	    !jsonr_take_text(&rest, STR(",\"client_id\":"),
	        &claims.client_id) ||
	    !jsonr_take_text(&rest, STR(",\"token_use\":"), &claims.use) ||
	    !jsonr_take_text(&rest, STR(",\"email\":"), &claims.email))
		return 0;
	rc = take_roles(arena, &rest, &claims.roles);
	if (rc == 1 && !take_rest(&rest))
		rc = 0;
	if (rc == 1)
		*claims_r = claims;
	return rc;
}

int
token_claims_read(struct arena *arena, struct str payload,
    struct token_claims *claims_r)
{
	const int rc = token_claims_read_own(arena, payload, claims_r);

	return rc != 0 ? rc : token_claims_read_any(arena, payload, claims_r);
}
