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
	SESSION_END_REUSE = 2,
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
	bool is_cookie;
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
};

/* Generation 1.  Returns 1 or -1. */
MUST_CHECK NONNULL int session_insert(struct db_conn *conn, struct arena *arena,
    const struct session_new *session);

/* Returns 1, 0 where there is none, -1. */
MUST_CHECK NONNULL int session_read(struct db_conn *conn, struct arena *arena,
    const struct uuid *id, struct session_state *state_r);

/*
 * The conditional UPDATE that decides a rotation: from generation to the next
 * one, if the session is still as described and alive.
 * Returns 1, 0 where another request was faster or the session is dead, -1.
 */
struct session_step {
	const struct session_state *state;
	int64_t mac_key;
	int64_t idle_ms;
	struct str ip;
};
MUST_CHECK NONNULL int session_rotate(struct db_conn *conn, struct arena *arena,
    const struct session_step *step);

/* End a session if it lives.  Returns 1, 0 where it does not, -1. */
struct session_ending {
	const struct uuid *id;
	enum session_end reason;
	struct str ip;
};
MUST_CHECK NONNULL int session_finish(struct db_conn *conn, struct arena *arena,
    const struct session_ending *ending);

/* End all living sessions of the user ending->id.  Returns 1 or -1. */
MUST_CHECK NONNULL int session_finish_all(struct db_conn *conn,
    struct arena *arena, const struct session_ending *ending);

/*
 * Whether the session lives, its user is active and token_version is the
 * user's.  Returns 1, 0 or -1.
 */
MUST_CHECK NONNULL int session_is_live(struct db_conn *conn,
    struct arena *arena, const struct uuid *id, int64_t token_version);

#endif
