/* Users and token pairs as the API shows them. */
#include "auth/view.h"

static void
opt_int(struct jsonw *w, const char *name, struct opt_int number)
{
	if (number.is_set)
		jsonw_int(w, name, number.value);
	else
		jsonw_null(w, name);
}

static void
opt_time(struct jsonw *w, const char *name, struct opt_int unix_ms)
{
	if (unix_ms.is_set)
		jsonw_time(w, name, unix_ms.value / 1000);
	else
		jsonw_null(w, name);
}

void
view_roles(struct jsonw *w, const char *name, struct str roles)
{
	struct str role;

	jsonw_array(w, name);
	while (roles.len > 0) {
		(void)str_cut(&roles, ',', &role);
		jsonw_str(w, NULL, role);
	}
	jsonw_array_end(w);
}

void
view_user(struct jsonw *w, const char *name, const struct user *user)
{
	jsonw_object(w, name);
	jsonw_uuid(w, "id", &user->id);
	jsonw_str(w, "email", user->email);
	jsonw_str(w, "username", user->username);
	jsonw_str(w, "firstName", user->first_name);
	jsonw_str(w, "lastName", user->last_name);
	jsonw_str(w, "phoneNumber", user->phone_number);
	opt_int(w, "age", user->age);
	view_roles(w, "roles", user->roles);
	jsonw_str(w, "status",
	    user->status == USER_ACTIVE ? STR("active") : STR("disabled"));
	jsonw_time(w, "createdAt", user->created_ms / 1000);
	opt_time(w, "lastLoginAt", user->last_login_ms);
	jsonw_object_end(w);
}

void
view_pair(struct jsonw *w, const struct token_pair *pair, int64_t now_s)
{
	jsonw_object(w, NULL);
	jsonw_str(w, "tokenType", STR("Bearer"));
	jsonw_str(w, "accessToken", pair->access_token);
	jsonw_int(w, "expiresIn", pair->access_expires_s - now_s);
	jsonw_time(w, "accessTokenExpirationTime", pair->access_expires_s);
	jsonw_str(w, "refreshToken", pair->refresh_token);
	jsonw_time(w, "refreshTokenExpirationTime", pair->refresh_expires_s);
	jsonw_uuid(w, "sessionId", &pair->session_id);
	view_user(w, "user", &pair->user);
	jsonw_object_end(w);
}
