/* Users of another system: how a batch of them is written. */
#include "auth/audit.h"
#include "auth/import.h"
#include "model/role.h"

/* The roles that this transaction has found and keeps from being deleted. */
struct shared_roles {
	size_t count;
	struct str names[LIMIT_ROLES];
};

struct write_work {
	struct import_batch *batch;
	struct shared_roles shared;
};

static void
refuse(struct import_user *user, const char *what, const char *reason)
{
	user->outcome = IMPORT_REFUSED;
	user->refusal = (struct import_refusal){ what, reason };
}

/* Returns 1, 0 where there is no such role, -1. */
static int
share_role(struct db_conn *conn, struct write_work *work, struct str name)
{
	struct shared_roles *shared = &work->shared;
	int rc;

	for (size_t i = 0; i < shared->count; i++)
		if (str_equal(shared->names[i], name))
			return 1;
	rc = role_share(conn, work->batch->context->arena, name);
	if (rc == 1 && shared->count < ARRAY_LEN(shared->names))
		shared->names[shared->count++] = name;
	return rc;
}

static int
share_roles(struct db_conn *conn, struct write_work *work,
    struct import_user *user)
{
	struct str rest = user->user.roles;
	struct str role;

	while (rest.len > 0) {
		int rc;

		(void)str_cut(&rest, ',', &role);
		rc = share_role(conn, work, role);
		if (rc == 0)
			refuse(user, "roles", "name one that does not exist");
		if (rc != 1)
			return rc;
	}
	return 1;
}

/* The time of a UUID of version 7, Unix milliseconds (RFC 9562, 5.7). */
static int64_t
made_ms(const struct uuid *id)
{
	enum { TIME_BYTES = 6 };
	int64_t ms = 0;

	for (size_t i = 0; i < TIME_BYTES; i++)
		ms = ms << 8 | id->bytes[i];
	return ms;
}

/*
 * Who has the address or the user name?  An account that is younger than this
 * import came from an earlier row: somebody would be lost without a word.
 * Returns 1 with the outcome, 0 where nobody has them, -1.
 */
static int
find_owner(struct db_conn *conn, const struct import_batch *batch,
    struct import_user *user)
{
	struct arena *arena = batch->context->arena;
	struct user_login found;
	int rc = user_find_login_by_email(conn, arena, user->email_key, &found);

	if (rc == 1 && made_ms(&found.user.id) >= batch->began_ms)
		refuse(user, "email",
		    "has an account since this import began; is it in the "
		    "file twice?");
	else if (rc == 1)
		user->outcome = IMPORT_KNOWN;
	if (rc != 0 || user->username_key.ptr == NULL)
		return rc;
	rc = user_find_login_by_username(conn, arena, user->username_key,
	    &found);
	if (rc == 1)
		refuse(user, "username", "belongs to another account");
	return rc;
}

static int
insert(struct db_conn *conn, struct write_work *work, struct import_user *user)
{
	struct context *context = work->batch->context;
	const struct uuid *id = &user->user.id;
	const struct user_new row = {
		.user = &user->user,
		.email_key = user->email_key,
		.username_key = user->username_key,
		.password_hash = user->password_hash,
	};
	const struct audit_note note = {
		.event = AUDIT_USER_IMPORTED,
		.user_id = id,
		.detail = str_from(user->scheme),
	};
	const int rc = user_insert(conn, context->arena, &row);

	if (rc != 1)
		return rc;
	user->outcome = IMPORT_ADDED;
	if (user->user.status != USER_ACTIVE &&
	    user_set_status(conn, context->arena, id, USER_DISABLED) < 0)
		return -1;
	return audit_write(context, conn, &note);
}

static int
write_one(struct db_conn *conn, struct write_work *work,
    struct import_user *user)
{
	const struct import_batch *batch = work->batch;
	int rc = share_roles(conn, work, user);

	if (rc != 1)
		return rc;
	if (batch->is_dry_run) {
		user->outcome = IMPORT_ADDED;
		return find_owner(conn, batch, user);
	}
	rc = insert(conn, work, user);
	if (rc != 0)
		return rc;
	rc = find_owner(conn, batch, user);
	/* Its owner went away at this very moment. */
	if (rc == 0)
		refuse(user, "email",
		    "or username had an account a moment ago; import again");
	return rc;
}

/* Run again as a whole after a conflict, so outcomes are set anew. */
static int
write_in_transaction(struct db_conn *conn, void *work_v)
{
	struct write_work *work = work_v;
	struct import_batch *batch = work->batch;

	work->shared.count = 0;
	for (size_t i = 0; i < batch->count; i++)
		if (write_one(conn, work, &batch->users[i]) < 0)
			return -1;
	return 1;
}

enum api_error
import_write(struct import_batch *batch)
{
	struct write_work work = { .batch = batch };

	if (batch->count == 0)
		return API_OK;
	return app_transaction(batch->context, write_in_transaction, &work) == 1
	    ? API_OK
	    : API_UNAVAILABLE;
}
