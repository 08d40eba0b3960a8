/* Making accounts and reading one's own. */
#include "auth/account.h"

#include "auth/audit.h"
#include "auth/hashgate.h"
#include "auth/policy.h"
#include "auth/roles.h"

/* What the transaction that makes the account needs. */
struct insertion {
	struct context *context;
	struct user_new row;
	struct audit_note note;
	/* The answer where it comes to nothing. */
	enum api_error refusal;
};

static int
insert_in_transaction(struct db_conn *conn, void *context_v)
{
	struct insertion *insertion = context_v;
	struct context *context = insertion->context;
	const struct uuid *actor_id = insertion->note.actor_id;
	int rc = 1;

	/* As in people.h: it takes a while to compute a hash. */
	insertion->refusal = API_FORBIDDEN;
	if (actor_id != NULL)
		rc = role_hold(conn, context->arena, actor_id, STR(ROLE_ADMIN));
	if (rc != 1)
		return rc;
	insertion->refusal = API_USER_EXISTS;
	rc = user_insert(conn, context->arena, &insertion->row);
	return rc == 1 ? audit_write(context, conn, &insertion->note) : rc;
}

/* A short lease: nobody holds a connection while a password is hashed. */
static int
is_taken(struct context *context, const struct user_new *row)
{
	struct db *db = context->app->db;
	struct db_conn *conn = db_acquire(db, context->deadline_ms);
	int rc;

	if (conn == NULL)
		return -1;
	rc = user_is_taken(conn, context->arena, row->email_key,
	    row->username_key);
	db_release(db, &conn);
	return rc;
}

static bool
is_acceptable(struct context *context, const struct registration *wish)
{
	const struct policy_password password = {
		.field = "password",
		.password = wish->password,
		.confirmation = wish->confirm_password,
		.email = wish->email,
		.username = wish->username,
	};

	return policy_accepts_password(context->app->config, &password,
	    context->issues);
}

static int
fill_user(struct context *context, const struct registration *wish,
    struct str roles, struct user *user)
{
	*user = (struct user){
		.email = wish->email,
		.username = wish->username,
		.first_name = wish->first_name,
		.last_name = wish->last_name,
		.phone_number = wish->phone_number,
		.age = wish->age,
		.status = USER_ACTIVE,
		.token_version = 1,
		.created_ms = context->now.unix_ms,
		.roles = roles,
	};
	return uuid_new(context->now.unix_ms, &user->id);
}

static enum api_error
add(struct context *context, const struct registration *registration,
    struct str roles, const struct audit_note *note, struct user *user_r)
{
	struct user user;
	struct insertion insertion = { .context = context, .note = *note };
	struct user_new *row = &insertion.row;
	enum api_error error;
	int rc;

	if (!is_acceptable(context, registration))
		return API_VALIDATION_FAILED;
	if (fill_user(context, registration, roles, &user) < 0)
		return API_UNAVAILABLE;
	insertion.note.user_id = &user.id;
	row->user = &user;
	row->email_key = policy_canonical(context->arena, user.email);
	row->username_key = policy_canonical(context->arena, user.username);
	if (row->email_key.ptr == NULL)
		return API_UNAVAILABLE;
	rc = is_taken(context, row);
	if (rc != 0)
		return rc < 0 ? API_UNAVAILABLE : API_USER_EXISTS;
	error =
	    hashgate_make(context, registration->password, &row->password_hash);
	if (error != API_OK)
		return error;
	/* Somebody may have been faster: the UNIQUE keys decide. */
	rc = app_transaction(context, insert_in_transaction, &insertion);
	if (rc != 1)
		return rc < 0 ? API_UNAVAILABLE : insertion.refusal;
	*user_r = user;
	return API_OK;
}

/* Before the hash is computed, as everything that may be refused. */
static enum api_error
resolve_roles(struct context *context, const struct texts *wanted,
    struct str *roles_r)
{
	struct db *db = context->app->db;
	struct db_conn *conn = db_acquire(db, context->deadline_ms);
	int rc;

	if (conn == NULL)
		return API_UNAVAILABLE;
	rc = roles_resolve(context, conn, wanted, roles_r);
	db_release(db, &conn);
	if (rc < 0)
		return API_UNAVAILABLE;
	return rc == 1 ? API_OK : API_VALIDATION_FAILED;
}

enum api_error
account_add(struct context *context, const struct uuid *actor_id,
    const struct registration *registration, const struct texts *roles,
    struct user *user_r)
{
	const struct audit_note note = {
		.event = AUDIT_USER_CREATED,
		.actor_id = actor_id,
	};
	struct str names = STR_NONE;
	const enum api_error error = resolve_roles(context, roles, &names);

	return error == API_OK
	    ? add(context, registration, names, &note, user_r)
	    : error;
}

enum api_error
account_register(struct context *context,
    const struct registration *registration, struct user *user_r)
{
	const struct config *config = context->app->config;
	const struct audit_note note = { .event = AUDIT_REGISTERED };
	struct str role;

	if (!config->registration_enabled)
		return API_REGISTRATION_DISABLED;
	role = policy_registration_role(config, context->arena,
	    registration->role);
	if (role.ptr == NULL)
		return API_ROLE_NOT_ALLOWED;
	return add(context, registration, role, &note, user_r);
}

enum api_error
account_read(struct context *context, const struct uuid *id,
    struct user *user_r)
{
	struct db *db = context->app->db;
	struct db_conn *conn = db_acquire(db, context->deadline_ms);
	int rc;

	if (conn == NULL)
		return API_UNAVAILABLE;
	rc = user_find(conn, context->arena, id, user_r);
	db_release(db, &conn);
	if (rc < 0)
		return API_UNAVAILABLE;
	return rc == 1 ? API_OK : API_NOT_FOUND;
}

enum api_error
account_has_admin(struct context *context, bool *has_admin_r)
{
	struct db *db = context->app->db;
	struct db_conn *conn = db_acquire(db, context->deadline_ms);
	int64_t count = 0;
	int rc;

	if (conn == NULL)
		return API_UNAVAILABLE;
	rc = user_count_with_role(conn, context->arena, STR("ADMIN"), &count);
	db_release(db, &conn);
	if (rc < 0)
		return API_UNAVAILABLE;
	*has_admin_r = count > 0;
	return API_OK;
}
