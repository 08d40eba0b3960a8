/* The roles there are, and which of them somebody wishes for. */
#include "auth/roles.h"

#include "auth/audit.h"
#include "base/buf.h"
#include "base/name.h"

struct str
roles_upper(struct arena *arena, struct str name)
{
	char *copy = name.ptr == NULL ? NULL : str_to_c(arena, name);

	if (copy == NULL)
		return STR_NONE;
	for (size_t i = 0; i < name.len; i++)
		copy[i] = ascii_upper(copy[i]);
	return (struct str){ copy, name.len };
}

bool
roles_is_name(struct str name)
{
	char copy[LIMIT_ROLE_NAME];

	if (name.len > sizeof copy)
		return false;
	for (size_t i = 0; i < name.len; i++)
		copy[i] = ascii_upper(name.ptr[i]);
	return name_is_role((struct str){ copy, name.len });
}

static bool
comes_before(struct str a, struct str b)
{
	const size_t len = a.len < b.len ? a.len : b.len;
	const int order = memcmp(a.ptr, b.ptr, len);

	return order < 0 || (order == 0 && a.len < b.len);
}

/* Into its place; a name that is there already is left out. */
static void
insert(struct texts *sorted, struct str name)
{
	size_t at = sorted->count;

	while (at > 0 && !comes_before(sorted->list[at - 1], name))
		at--;
	if (at < sorted->count && str_equal(sorted->list[at], name))
		return;
	memmove(&sorted->list[at + 1], &sorted->list[at],
	    (sorted->count - at) * sizeof sorted->list[0]);
	sorted->list[at] = name;
	sorted->count++;
}

static int
exists(struct context *context, struct db_conn *conn, struct str name)
{
	const int rc =
	    name_is_role(name) ? role_share(conn, context->arena, name) : 0;

	if (rc == 0)
		issues_add(context->issues, "roles", "role_unknown",
		    "There is no such role");
	return rc;
}

int
roles_resolve(struct context *context, struct db_conn *conn,
    const struct texts *wanted, struct str *roles_r)
{
	struct texts sorted = { .count = 0 };
	struct buf roles = BUF_IN(context->arena);

	if (!wanted->is_set)
		insert(&sorted, STR(ROLE_USER));
	for (size_t i = 0; i < wanted->count; i++) {
		const struct str name =
		    roles_upper(context->arena, wanted->list[i]);
		const int rc =
		    name.ptr == NULL ? -1 : exists(context, conn, name);

		if (rc != 1)
			return rc;
		insert(&sorted, name);
	}
	for (size_t i = 0; i < sorted.count; i++) {
		if (i > 0)
			buf_add_byte(&roles, ',');
		buf_add(&roles, sorted.list[i]);
	}
	return buf_str(&roles, roles_r);
}

enum api_error
roles_list(struct context *context, const struct role_listing *listing)
{
	struct db *db = context->app->db;
	struct db_conn *conn = db_acquire(db, context->deadline_ms);
	int rc;

	if (conn == NULL)
		return API_UNAVAILABLE;
	rc = role_each(conn, context->arena, listing);
	db_release(db, &conn);
	return rc < 0 ? API_UNAVAILABLE : API_OK;
}

enum api_error
roles_find(struct context *context, struct str name, struct role *role_r)
{
	struct db *db = context->app->db;
	struct db_conn *conn;
	int rc;

	if (!name_is_role(name))
		return API_NOT_FOUND;
	conn = db_acquire(db, context->deadline_ms);
	if (conn == NULL)
		return API_UNAVAILABLE;
	rc = role_find(conn, context->arena, name, role_r);
	db_release(db, &conn);
	if (rc < 0)
		return API_UNAVAILABLE;
	return rc == 1 ? API_OK : API_NOT_FOUND;
}

struct role_work {
	struct context *context;
	struct role role;
	struct audit_note note;
	enum api_error refusal;
};

/* As in people.h: whoever acts must be an administrator still. */
static int
may_act(struct db_conn *conn, struct role_work *work)
{
	const struct uuid *actor_id = work->note.actor_id;

	work->refusal = API_FORBIDDEN;
	return actor_id == NULL
	    ? 1
	    : role_hold(conn, work->context->arena, actor_id, STR(ROLE_ADMIN));
}

/* Two at the same instant may both find room; that is room enough. */
static int
has_room(struct db_conn *conn, struct role_work *work)
{
	struct context *context = work->context;
	int64_t count = 0;

	if (role_count(conn, context->arena, &count) < 0)
		return -1;
	if (count < LIMIT_ROLES_ALL)
		return 1;
	issues_add(context->issues, "name", "too_many_roles",
	    "There are as many roles as there may be; delete one first");
	work->refusal = API_VALIDATION_FAILED;
	return 0;
}

static int
add_in_transaction(struct db_conn *conn, void *work_v)
{
	struct role_work *work = work_v;
	struct context *context = work->context;
	int rc = may_act(conn, work);

	if (rc == 1)
		rc = has_room(conn, work);
	if (rc != 1)
		return rc;
	work->refusal = API_ROLE_EXISTS;
	rc = role_insert(conn, context->arena, &work->role);
	return rc == 1 ? audit_write(context, conn, &work->note) : rc;
}

static enum api_error
run(struct role_work *work, int (*body)(struct db_conn *conn, void *work))
{
	const int rc = app_transaction(work->context, body, work);

	if (rc < 0)
		return API_UNAVAILABLE;
	return rc == 1 ? API_OK : work->refusal;
}

enum api_error
roles_add(struct context *context, const struct uuid *actor_id,
    const struct role_wish *wish, struct role *role_r)
{
	const struct str name = roles_upper(context->arena, wish->name);
	struct role_work work = {
		.context = context,
		.role = {
			.name = name,
			.description = wish->description,
			.created_ms = context->now.unix_ms,
		},
		.note = {
			.event = AUDIT_ROLE_CREATED,
			.actor_id = actor_id,
			.detail = name,
		},
	};
	enum api_error error;

	if (name.ptr == NULL)
		return API_UNAVAILABLE;
	error = run(&work, add_in_transaction);
	if (error == API_OK)
		*role_r = work.role;
	return error;
}

/* Who may choose a role needs it. */
static bool
is_for_registration(const struct context *context, struct str name)
{
	struct str rest = str_from(context->app->config->registration_roles);
	struct str role;

	while (config_list_next(&rest, &role) == 1)
		if (str_equal(role, name))
			return true;
	return false;
}

static int
delete_in_transaction(struct db_conn *conn, void *work_v)
{
	struct role_work *work = work_v;
	struct context *context = work->context;
	struct arena *arena = context->arena;
	const struct str name = work->role.name;
	int64_t is_builtin = 0;
	int rc = may_act(conn, work);

	if (rc != 1)
		return rc;
	work->refusal = API_NOT_FOUND;
	rc = role_lock(conn, arena, name, &is_builtin);
	if (rc != 1)
		return rc;
	work->refusal = API_ROLE_IN_USE;
	if (is_builtin != 0 || is_for_registration(context, name))
		return 0;
	rc = role_is_used(conn, arena, name);
	if (rc != 0)
		return rc == 1 ? 0 : -1;
	if (role_delete(conn, arena, name) < 0)
		return -1;
	return audit_write(context, conn, &work->note);
}

enum api_error
roles_delete(struct context *context, const struct uuid *actor_id,
    struct str name)
{
	struct role_work work = {
		.context = context,
		.role = { .name = name },
		.note = {
			.event = AUDIT_ROLE_DELETED,
			.actor_id = actor_id,
			.detail = name,
		},
	};

	if (!name_is_role(name))
		return API_NOT_FOUND;
	return run(&work, delete_in_transaction);
}

void
roles_view(struct jsonw *w, const char *name, const struct role *role)
{
	jsonw_object(w, name);
	jsonw_str(w, "name", role->name);
	jsonw_str(w, "description", role->description);
	jsonw_bool(w, "builtIn", role->is_builtin != 0);
	jsonw_time(w, "createdAt", role->created_ms / 1000);
	jsonw_object_end(w);
}
