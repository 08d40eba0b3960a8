/* A user as the database writes it in JSON. */
#include "model/user_json.h"

#include "base/jsonr.h"
#include "base/log.h"
#include "wrap/json.h"

/* Returns false where it is no text, or has no room in the arena. */
static bool
take_text(struct arena *arena, const struct json_value *user, const char *name,
    struct str *text_r)
{
	const struct json_value *value = json_member(user, name);

	*text_r = STR_NONE;
	if (json_type_of(value) == JSON_NULL)
		return true;
	if (json_type_of(value) != JSON_STRING)
		return false;
	*text_r = str_copy(arena, json_str(value));
	return text_r->ptr != NULL;
}

static bool
take_opt_int(const struct json_value *user, const char *name,
    struct opt_int *number_r)
{
	const struct json_value *value = json_member(user, name);

	*number_r = (struct opt_int){ .is_set = false };
	if (json_type_of(value) == JSON_INT)
		*number_r = (struct opt_int){ true, json_int(value) };
	return number_r->is_set || json_type_of(value) == JSON_NULL;
}

static bool
take_int(const struct json_value *user, const char *name, int64_t *number_r)
{
	struct opt_int number;

	if (!take_opt_int(user, name, &number) || !number.is_set)
		return false;
	*number_r = number.value;
	return true;
}

static bool
take_all(struct arena *arena, const struct json_value *user,
    struct user *user_r)
{
	return take_text(arena, user, "email", &user_r->email) &&
	    take_text(arena, user, "username", &user_r->username) &&
	    take_text(arena, user, "first_name", &user_r->first_name) &&
	    take_text(arena, user, "last_name", &user_r->last_name) &&
	    take_text(arena, user, "phone_number", &user_r->phone_number) &&
	    take_opt_int(user, "age", &user_r->age) &&
	    take_int(user, "status", &user_r->status) &&
	    take_int(user, "token_version", &user_r->token_version) &&
	    take_int(user, "created_ms", &user_r->created_ms) &&
	    take_opt_int(user, "last_login_ms", &user_r->last_login_ms) &&
	    take_text(arena, user, "roles", &user_r->roles);
}

int
user_json_read_any(struct arena *arena, struct str text, struct user *user_r)
{
	struct json *json = NULL;
	struct user user = { .id = user_r->id };
	int rc = json_parse_object(text, &json);

	if (rc == 1 && !take_all(arena, json_root(json), &user))
		rc = -1;
	json_free(&json);
	if (rc == 1)
		*user_r = user;
	return rc;
}

static bool
take_own_text(struct str *rest, struct str lead, struct str *text_r)
{
	*text_r = STR_NONE;
	return jsonr_take(rest, lead) &&
	    (jsonr_take(rest, STR("null")) ||
	        jsonr_take_text(rest, STR(""), text_r));
}

static bool
take_own_opt_int(struct str *rest, struct str lead, struct opt_int *number_r)
{
	*number_r = (struct opt_int){ .is_set = false };
	if (!jsonr_take(rest, lead))
		return false;
	if (jsonr_take(rest, STR("null")))
		return true;
	number_r->is_set = true;
	return jsonr_take_count(rest, STR(""), &number_r->value);
}

/* As JSON_OBJECT in USER_JSON spells it. */
static bool
take_own(struct str rest, struct user *user_r)
{
	return take_own_text(&rest, STR("{\"email\": "), &user_r->email) &&
	    take_own_text(&rest, STR(", \"username\": "), &user_r->username) &&
	    take_own_text(&rest, STR(", \"first_name\": "),
	        &user_r->first_name) &&
	    take_own_text(&rest, STR(", \"last_name\": "),
	        &user_r->last_name) &&
	    take_own_text(&rest, STR(", \"phone_number\": "),
	        &user_r->phone_number) &&
	    take_own_opt_int(&rest, STR(", \"age\": "), &user_r->age) &&
	    jsonr_take_count(&rest, STR(", \"status\": "), &user_r->status) &&
	    jsonr_take_count(&rest, STR(", \"token_version\": "),
	        &user_r->token_version) &&
	    jsonr_take_count(&rest, STR(", \"created_ms\": "),
	        &user_r->created_ms) &&
	    take_own_opt_int(&rest, STR(", \"last_login_ms\": "),
	        &user_r->last_login_ms) &&
	    take_own_text(&rest, STR(", \"roles\": "), &user_r->roles) &&
	    str_equal(rest, STR("}"));
}

int
user_json_read_own(struct arena *arena, struct str text, struct user *user_r)
{
	const struct str kept = str_copy(arena, text);
	struct user user = { .id = user_r->id };

	if (kept.ptr == NULL)
		return -1;
	if (!take_own(kept, &user))
		return 0;
	*user_r = user;
	return 1;
}

int
user_read_json(struct arena *arena, struct str text, struct user *user_r)
{
	int rc = 0;

	if (text.ptr != NULL)
		rc = user_json_read_own(arena, text, user_r);
	if (rc == 0 && text.ptr != NULL)
		rc = user_json_read_any(arena, text, user_r);
	if (rc == 1)
		return 1;
	log_error("db", "a user can't be read");
	return -1;
}
