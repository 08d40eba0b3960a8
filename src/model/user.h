/* Rows of the table user, with their roles. */
#ifndef LATCHKEY_MODEL_USER_H
#define LATCHKEY_MODEL_USER_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "base/opt.h"
#include "base/str.h"
#include "base/uuid.h"
#include "wrap/db.h"

enum user_status {
	USER_DISABLED = 0,
	USER_ACTIVE = 1,
};

/* Absent texts are NULL in the database. */
struct user {
	struct uuid id;
	struct str email;
	struct str username;
	struct str first_name;
	struct str last_name;
	struct str phone_number;
	struct opt_int age;
	int64_t status;
	int64_t token_version;
	int64_t created_ms;
	struct opt_int last_login_ms;
	/* Names in order, separated by commas; empty without roles. */
	struct str roles;
};

/* The columns of struct user in a SELECT over "user u", and their places. */
#define USER_SELECT \
	"u.id, u.email, u.username, u.first_name, u.last_name," \
	" u.phone_number, u.age, u.status, u.token_version, u.created_ms," \
	" u.last_login_ms, u.roles"
#define USER_OUT(u) \
	DB_OUT_UUID(&(u)->id), DB_OUT_STR(&(u)->email, LIMIT_EMAIL), \
	    DB_OUT_STR(&(u)->username, LIMIT_USERNAME), \
	    DB_OUT_STR(&(u)->first_name, LIMIT_NAME * 4), \
	    DB_OUT_STR(&(u)->last_name, LIMIT_NAME * 4), \
	    DB_OUT_STR(&(u)->phone_number, LIMIT_PHONE), \
	    DB_OUT_OPT_INT(&(u)->age), DB_OUT_INT(&(u)->status), \
	    DB_OUT_INT(&(u)->token_version), DB_OUT_INT(&(u)->created_ms), \
	    DB_OUT_OPT_INT(&(u)->last_login_ms), \
	    DB_OUT_STR(&(u)->roles, (LIMIT_ROLE_NAME + 1) * LIMIT_ROLES)

/*
 * The same but the id as one JSON object, for statements that may return a
 * subquery of one column only.
 */
#define USER_JSON \
	"JSON_OBJECT('email', u.email, 'username', u.username," \
	" 'first_name', u.first_name, 'last_name', u.last_name," \
	" 'phone_number', u.phone_number, 'age', u.age, 'status', u.status," \
	" 'token_version', u.token_version, 'created_ms', u.created_ms," \
	" 'last_login_ms', u.last_login_ms, 'roles', u.roles)"
/* Each byte of each text escaped, which no text of ours comes near. */
enum { USER_JSON_MAX = 16 * 1024 };

/*
 * What USER_JSON made, into user_r, whose id stays; texts in the arena.
 * Returns 1 or -1 (logged).
 */
MUST_CHECK NONNULL int
user_read_json(struct arena *arena, struct str text, struct user *user_r);

/* What a login needs to know before it hashes. */
struct user_login {
	struct user user;
	struct str password_hash;
};

/* All of them: 1 with the user in the arena, 0 for none, -1. */
MUST_CHECK NONNULL int user_find(struct db_conn *conn, struct arena *arena,
    const struct uuid *id, struct user *user_r);
/* key: the canonical form, compared byte for byte. */
MUST_CHECK NONNULL int user_find_login_by_email(struct db_conn *conn,
    struct arena *arena, struct str key, struct user_login *login_r);
MUST_CHECK NONNULL int user_find_login_by_username(struct db_conn *conn,
    struct arena *arena, struct str key, struct user_login *login_r);

MUST_CHECK NONNULL int user_find_login_by_id(struct db_conn *conn,
    struct arena *arena, const struct uuid *id, struct user_login *login_r);

/*
 * Whether the address or the user name (which may be absent) is taken.
 * Returns 1, 0 or -1.
 */
MUST_CHECK NONNULL int user_is_taken(struct db_conn *conn, struct arena *arena,
    struct str email_key, struct str username_key);

/*
 * Insert a user.  id, the names, age, created_ms and the roles of *user count.
 * Returns 1, 0 where the address or user name is taken, -1.
 */
struct user_new {
	const struct user *user;
	struct str email_key;
	struct str username_key;
	struct str password_hash;
};
MUST_CHECK NONNULL int user_insert(struct db_conn *conn, struct arena *arena,
    const struct user_new *new_user);

/*
 * Write the names, phone number and age of *user.  username_key: the canonical
 * form of its user name, absent with it.
 * Returns 1, 0 where the user name is taken, -1.
 */
MUST_CHECK NONNULL int user_update(struct db_conn *conn, struct arena *arena,
    const struct user *user, struct str username_key);

/*
 * Lock the user's row until the transaction ends and read what may not change
 * between a password check and a session.  Returns 1, 0 for no user, -1.
 */
MUST_CHECK NONNULL int user_lock(struct db_conn *conn, struct arena *arena,
    const struct uuid *id, int64_t *status_r, int64_t *token_version_r);

/*
 * Note a login at now_ms (Unix milliseconds).  password_hash: the
 * replacement, or absent to keep it.  Returns 1 or -1.
 */
MUST_CHECK NONNULL int
user_note_login(struct db_conn *conn, struct arena *arena,
    const struct uuid *id, int64_t now_ms, struct str password_hash);

/* Returns 1 or -1. */
MUST_CHECK NONNULL int user_set_password(struct db_conn *conn,
    struct arena *arena, const struct uuid *id, struct str password_hash);

/* Returns 1 or -1. */
MUST_CHECK NONNULL int user_set_status(struct db_conn *conn,
    struct arena *arena, const struct uuid *id, enum user_status status);

/*
 * The row, its roles, sessions and tasks; audit rows stay under the id alone
 * (audit_forget), those written before in the transaction among them.
 * Returns 1 or -1.
 */
struct audit_forgotten;
MUST_CHECK NONNULL int user_delete(struct db_conn *conn, struct arena *arena,
    const struct uuid *id, const struct audit_forgotten *forgotten);

/* Raise the token version: older access tokens must not pass.  1 or -1. */
MUST_CHECK NONNULL int user_raise_version(struct db_conn *conn,
    struct arena *arena, const struct uuid *id);

/* The active administrators, seen from one user and from who acts on him. */
struct admin_census {
	const struct uuid *id;
	/* NULL for nobody. */
	const struct uuid *actor_id;
	/* Besides id. */
	int64_t others;
	bool is_admin;
	bool is_actor_admin;
	/* The row at hand. */
	struct uuid row;
};

/*
 * Lock the rows of all active administrators, in the order of their ids, and
 * count them.  id and actor_id are given.  Returns 1 or -1.
 */
MUST_CHECK NONNULL int user_lock_admins(struct db_conn *conn,
    struct arena *arena, struct admin_census *census);

/* Number of active users with a role.  Returns 1 or -1. */
MUST_CHECK NONNULL int user_count_with_role(struct db_conn *conn,
    struct arena *arena, struct str role, int64_t *count_r);

#endif
