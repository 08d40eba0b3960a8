/* Rows of the table client: programs that may ask about tokens. */
#ifndef LATCHKEY_MODEL_CLIENT_H
#define LATCHKEY_MODEL_CLIENT_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/opt.h"
#include "base/str.h"
#include "base/uuid.h"
#include "wrap/db.h"

enum { CLIENT_HASH_SIZE = 32 };

struct client_row {
	struct uuid id;
	struct str name;
	int64_t created_ms;
	/* To the hour. */
	struct opt_int last_used_ms;
};

/*
 * Insert a client made now, by the database's clock.  id and name of the row
 * count.  Returns 1, 0 where the name is taken, -1.
 */
MUST_CHECK NONNULL int client_insert(struct db_conn *conn, struct arena *arena,
    const struct client_row *row,
    const unsigned char secret_hash[CLIENT_HASH_SIZE]);

/*
 * What its secret hashes to.  is_idle_r: whether its use has not been noted
 * for an hour.  Returns 1, 0 for no such client, -1.
 */
MUST_CHECK NONNULL int client_find_secret(struct db_conn *conn,
    struct arena *arena, const struct uuid *id,
    unsigned char secret_hash_r[CLIENT_HASH_SIZE], bool *is_idle_r);

/* Note that it was used now.  Returns 1 or -1. */
MUST_CHECK NONNULL int client_note_use(struct db_conn *conn,
    struct arena *arena, const struct uuid *id);

/* By its id, or its name byte for byte.  Returns 1, 0 for none, -1. */
MUST_CHECK NONNULL int client_find(struct db_conn *conn, struct arena *arena,
    const struct uuid *id, struct client_row *row_r);
MUST_CHECK NONNULL int client_find_by_name(struct db_conn *conn,
    struct arena *arena, struct str name, struct client_row *row_r);

/* Returns 1, 0 where there was none, -1. */
MUST_CHECK NONNULL int
client_delete(struct db_conn *conn, struct arena *arena, const struct uuid *id);

/*
 * All of them in the order they were made: row is filled and each called; it
 * returns 1 to go on, -1 to fail.  Returns 1 or -1.
 */
struct client_listing {
	struct client_row *row;
	int (*each)(void *context);
	void *context;
};
MUST_CHECK NONNULL int client_each(struct db_conn *conn, struct arena *arena,
    const struct client_listing *listing);

#endif
