/* A user as the database writes it in JSON. */
#include "base/log.h"
#include "model/user.h"
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
user_read_json(struct arena *arena, struct str text, struct user *user_r)
{
	struct json *json = NULL;
	bool is_read = false;

	if (text.ptr != NULL && json_parse_object(text, &json) == 1)
		is_read = take_all(arena, json_root(json), user_r);
	json_free(&json);
	if (!is_read)
		log_error("db", "a user can't be read");
	return is_read ? 1 : -1;
}
