/* Users of another system: which rows are accepted. */
#include "auth/import.h"

#include "auth/policy.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/name.h"
#include "base/utf8.h"
#include "wrap/pwhash.h"

const char *const import_column_names[IMPORT_COLUMN__MAX] = {
	[IMPORT_EMAIL] = "email",
	[IMPORT_USERNAME] = "username",
	[IMPORT_PASSWORD_HASH] = "passwordHash",
	[IMPORT_FIRST_NAME] = "firstName",
	[IMPORT_LAST_NAME] = "lastName",
	[IMPORT_PHONE_NUMBER] = "phoneNumber",
	[IMPORT_AGE] = "age",
	[IMPORT_ROLES] = "roles",
	[IMPORT_STATUS] = "status",
	[IMPORT_CREATED_AT] = "createdAt",
};

/* One row on its way into a user. */
struct judging {
	struct import_batch *batch;
	struct import_user *to;
};

/* Each judges one cell: NULL, or what is wrong with it. */
typedef const char *judge(struct judging *judging, struct str cell);

static const char *
judge_email(struct judging *judging, struct str cell)
{
	if (!name_is_email(cell))
		return "is no e-mail address that is accepted here";
	judging->to->user.email = cell;
	return NULL;
}

static const char *
judge_username(struct judging *judging, struct str cell)
{
	if (!name_is_username(cell))
		return "is no user name: letters, digits, dot, hyphen and "
		       "underscore, 2 to 64";
	judging->to->user.username = cell;
	return NULL;
}

static const char *
judge_hash(struct judging *judging, struct str cell)
{
	struct pwhash_kind kind;
	const char *reason;

	if (pwhash_judge(cell, &kind, &reason) != 1)
		return reason;
	judging->to->password_hash = cell;
	judging->to->scheme = kind.scheme;
	return NULL;
}

static const char *
judge_name(struct str cell, struct str *name_r)
{
	if (utf8_count(cell) < 0)
		return "is no UTF-8";
	if (utf8_count(cell) > LIMIT_NAME)
		return "has more than 100 characters";
	if (!utf8_is_plain(cell))
		return "holds hidden characters";
	*name_r = cell;
	return NULL;
}

static const char *
judge_first_name(struct judging *judging, struct str cell)
{
	return judge_name(cell, &judging->to->user.first_name);
}

static const char *
judge_last_name(struct judging *judging, struct str cell)
{
	return judge_name(cell, &judging->to->user.last_name);
}

static const char *
judge_phone_number(struct judging *judging, struct str cell)
{
	if (!name_is_phone(cell))
		return "is no telephone number: digits, with + in front where "
		       "needed";
	judging->to->user.phone_number = cell;
	return NULL;
}

static const char *
judge_age(struct judging *judging, struct str cell)
{
	int64_t age;

	if (str_to_int64(cell, &age) != 1 || age < 0 || age > LIMIT_AGE)
		return "is no whole number from 0 to 150";
	judging->to->user.age = (struct opt_int){ true, age };
	return NULL;
}

/* Whether a role stands in the list already. */
static bool
has_role(struct str roles, struct str role)
{
	struct str other;

	while (roles.len > 0) {
		(void)str_cut(&roles, ',', &other);
		if (str_equal(other, role))
			return true;
	}
	return false;
}

/* Roles are in capitals here; elsewhere they need not be. */
static struct str
to_upper(struct arena *arena, struct str text)
{
	char *copy = str_to_c(arena, text);

	if (copy == NULL)
		return STR_NONE;
	for (size_t i = 0; i < text.len; i++)
		copy[i] = ascii_upper(copy[i]);
	return (struct str){ copy, text.len };
}

static const char *
judge_roles(struct judging *judging, struct str cell)
{
	struct arena *arena = judging->batch->context->arena;
	struct str rest = to_upper(arena, cell);
	struct buf roles = BUF_IN(arena);
	struct str role;
	size_t count = 0;

	while (rest.len > 0) {
		(void)str_cut(&rest, ',', &role);
		role = str_trim(role);
		if (!name_is_role(role))
			return "are no names of roles separated by commas";
		if (has_role((struct str){ roles.ptr, roles.len }, role))
			continue;
		if (count++ == LIMIT_ROLES)
			return "are more than 32";
		if (roles.len > 0)
			buf_add_byte(&roles, ',');
		buf_add(&roles, role);
	}
	/* Checked by whoever asked. */
	if (buf_str(&roles, &judging->to->user.roles) < 0)
		judging->to->user.roles = STR_NONE;
	return NULL;
}

static const char *
judge_status(struct judging *judging, struct str cell)
{
	if (str_equal(cell, STR("disabled")))
		judging->to->user.status = USER_DISABLED;
	else if (!str_equal(cell, STR("active")))
		return "is neither active nor disabled";
	return NULL;
}

static const char *
judge_created_at(struct judging *judging, struct str cell)
{
	int64_t created_ms;

	if (clock_parse(cell, &created_ms) != 1)
		return "is no time like 2026-11-22T10:00:00Z";
	if (created_ms < 0 || created_ms > judging->batch->began_ms)
		return "lies before 1970 or in the future";
	judging->to->user.created_ms = created_ms;
	return NULL;
}

static judge *const judges[IMPORT_COLUMN__MAX] = {
	[IMPORT_EMAIL] = judge_email,
	[IMPORT_USERNAME] = judge_username,
	[IMPORT_PASSWORD_HASH] = judge_hash,
	[IMPORT_FIRST_NAME] = judge_first_name,
	[IMPORT_LAST_NAME] = judge_last_name,
	[IMPORT_PHONE_NUMBER] = judge_phone_number,
	[IMPORT_AGE] = judge_age,
	[IMPORT_ROLES] = judge_roles,
	[IMPORT_STATUS] = judge_status,
	[IMPORT_CREATED_AT] = judge_created_at,
};

static int
judge_cells(struct judging *judging, const struct import_row *row,
    struct import_refusal *refusal_r)
{
	struct arena *arena = judging->batch->context->arena;

	for (size_t i = 0; i < IMPORT_COLUMN__MAX; i++) {
		struct str cell = row->cells[i];
		const bool is_required =
		    i == IMPORT_EMAIL || i == IMPORT_PASSWORD_HASH;
		const char *reason = NULL;

		if (cell.ptr != NULL && cell.len > 0) {
			cell = str_copy(arena, cell);
			if (cell.ptr == NULL)
				return -1;
			reason = judges[i](judging, cell);
		} else if (is_required) {
			reason = "is required";
		}
		if (reason == NULL)
			continue;
		*refusal_r = (struct import_refusal){
			.what = import_column_names[i],
			.reason = reason,
		};
		return 0;
	}
	return 1;
}

int
import_add(struct import_batch *batch, int64_t line,
    const struct import_row *row, struct import_refusal *refusal_r)
{
	struct context *context = batch->context;
	struct import_user *to = &batch->users[batch->count];
	struct judging judging = { .batch = batch, .to = to };
	int rc;

	*to = (struct import_user){ .line = line };
	to->user.status = USER_ACTIVE;
	to->user.created_ms = batch->began_ms;
	to->user.roles = policy_registration_role(context->app->config,
	    context->arena, STR_NONE);
	rc = judge_cells(&judging, row, refusal_r);
	if (rc != 1)
		return rc;
	to->email_key = policy_canonical(context->arena, to->user.email);
	to->username_key = policy_canonical(context->arena, to->user.username);
	if (to->email_key.ptr == NULL || to->user.roles.ptr == NULL ||
	    (to->user.username.ptr != NULL && to->username_key.ptr == NULL) ||
	    uuid_new(context->now.unix_ms, &to->user.id) < 0)
		return -1;
	batch->count++;
	return 1;
}
