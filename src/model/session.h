/* Rows of the table session: one a session, however often it is refreshed. */
#ifndef LATCHKEY_MODEL_SESSION_H
#define LATCHKEY_MODEL_SESSION_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/opt.h"
#include "base/str.h"
#include "base/uuid.h"
#include "model/user.h"
#include "wrap/db.h"

enum { SESSION_SECRET_SIZE = 32, SESSION_HASH_SIZE = 32 };

/* Why a session ended; the numbers are in the database. */
enum session_end {
	SESSION_END_LOGOUT = 1,
	/* An old refresh token came back. */
	SESSION_END_REUSE = 2,
	SESSION_END_PASSWORD = 3,
	SESSION_END_DISABLED = 4,
	/* Too many sessions of this user. */
	SESSION_END_CAP = 5,
	/* By the user from another session, or by an administrator. */
	SESSION_END_CLOSED = 6,
	/* A client revoked one of its tokens (RFC 7009). */
	SESSION_END_REVOKED = 7,
};

struct session_new {
	struct uuid id;
	struct uuid user_id;
	unsigned char secret_hash[SESSION_HASH_SIZE];
	int64_t mac_key;
	int64_t idle_ms;
	int64_t max_age_ms;
	struct str ip;
	struct str user_agent;
};

/* A session with its user, and the database's clock when it was read. */
struct session_state {
	struct uuid id;
	unsigned char secret_hash[SESSION_HASH_SIZE];
	int64_t generation;
	int64_t mac_key;
	int64_t rotated_ms;
	int64_t idle_expires_ms;
	int64_t expires_ms;
	struct opt_int ended_ms;
	int64_t now_ms;
	struct user user;
	/* Set by session_rotate alone: this very call moved it on. */
	bool has_moved;
};

/*
 * Generation 1.  expires_ms_r: the idle end, Unix milliseconds by the
 * database's clock, never past the absolute one.  Returns 1 or -1.
 */
MUST_CHECK NONNULL int session_insert(struct db_conn *conn, struct arena *arena,
    const struct session_new *session, int64_t *expires_ms_r);

/* Returns 1, 0 where there is none, -1. */
MUST_CHECK NONNULL int session_read(struct db_conn *conn, struct arena *arena,
    const struct uuid *id, struct session_state *state_r);

/*
 * The one statement that decides a rotation: from generation to the next one,
 * if the session has that generation and secret and lives.
 */
struct session_step {
	const struct uuid *id;
	int64_t generation;
	const unsigned char *secret_hash;
	int64_t mac_key;
	int64_t idle_ms;
	struct str ip;
};

/*
 * state_r describes the session afterwards, moved on or not, and its user,
 * whose texts are in this arena; rc is -1 where they do not fit, else 1.
 */
struct session_rotation {
	const struct session_step *step;
	struct arena *arena;
	struct session_state *state_r;
	int rc;
};

enum { SESSION_ROTATIONS_MAX = 8 };

/*
 * Carry out several steps in their order: all of them or none.  A row that
 * another connection holds is a conflict at once.
 * Returns 1, or -1: none was carried out after a conflict and after
 * DB_ERROR_MISSING, where a session does not exist.
 */
MUST_CHECK NONNULL int session_rotate_all(struct db_conn *conn,
    struct arena *arena, struct session_rotation *rotations, size_t count);

/* One step, which waits for its row.  Returns as session_rotate_all does. */
MUST_CHECK NONNULL int session_rotate(struct db_conn *conn, struct arena *arena,
    struct session_rotation *rotation);

/* End a session if it lives.  Returns 1, 0 where it does not, -1. */
struct session_ending {
	const struct uuid *id;
	enum session_end reason;
	struct str ip;
};
MUST_CHECK NONNULL int session_finish(struct db_conn *conn, struct arena *arena,
    const struct session_ending *ending);

/*
 * End all living sessions of a user; keep is spared, or NULL.
 * ending->id is the user.  Returns 1, 0 where there was none, -1.
 */
MUST_CHECK int session_finish_all(struct db_conn *conn, struct arena *arena,
    const struct session_ending *ending, const struct uuid *keep);

/* A session of this user that is alive.  Returns 1, 0 or -1. */
MUST_CHECK NONNULL int session_is_of(struct db_conn *conn, struct arena *arena,
    const struct uuid *id, const struct uuid *user_id);

/*
 * Whether the session lives, its user is active and token_version is the
 * user's.  Returns 1, 0 or -1.
 */
MUST_CHECK NONNULL int session_is_live(struct db_conn *conn,
    struct arena *arena, const struct uuid *id, int64_t token_version);

/* Count a refresh that got the successor another one had made.  1 or -1. */
MUST_CHECK NONNULL int session_count_concurrent(struct db_conn *conn,
    struct arena *arena, const struct uuid *id);

/* What a user may see of a session. */
struct session_row {
	struct uuid id;
	int64_t created_ms;
	int64_t used_ms;
	int64_t idle_expires_ms;
	int64_t expires_ms;
	struct str created_ip;
	struct str last_ip;
	struct str user_agent;
};

/*
 * The living sessions of a user, newest first: row_r is filled and row called
 * for each; it returns 1 to go on.  Returns 1 or -1.
 */
struct session_listing {
	struct session_row *row;
	int (*each)(void *context);
	void *context;
};
MUST_CHECK NONNULL int session_each(struct db_conn *conn, struct arena *arena,
    const struct uuid *user_id, const struct session_listing *listing);

/*
 * The living session of a user that has been idle longest, and how many live.
 * Returns 1, 0 where there is none, -1.
 */
MUST_CHECK NONNULL int
session_find_idlest(struct db_conn *conn, struct arena *arena,
    const struct uuid *user_id, struct uuid *id_r, int64_t *living_r);

#endif
