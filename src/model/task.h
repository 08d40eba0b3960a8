/* Rows of the table task: always those of one owner. */
#ifndef LATCHKEY_MODEL_TASK_H
#define LATCHKEY_MODEL_TASK_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/opt.h"
#include "base/str.h"
#include "base/uuid.h"
#include "wrap/db.h"

/* Absent texts are NULL in the database; times are Unix milliseconds. */
struct task {
	struct uuid id;
	struct str title;
	struct str notes;
	struct opt_int due_ms;
	int64_t is_done;
	int64_t created_ms;
	int64_t updated_ms;
};

/* Which task: another owner's is none. */
struct task_key {
	const struct uuid *owner_id;
	const struct uuid *id;
};

/* What is not set, given or present stays as it is. */
struct task_change {
	struct str title;
	struct change_text notes;
	struct change_int due_ms;
	struct opt_bool is_done;
	int64_t updated_ms;
};

/* Returns 1 or -1. */
MUST_CHECK NONNULL int task_insert(struct db_conn *conn, struct arena *arena,
    const struct uuid *owner_id, const struct task *task);

/* How many an owner has.  Returns 1 or -1. */
MUST_CHECK NONNULL int task_count(struct db_conn *conn, struct arena *arena,
    const struct uuid *owner_id, int64_t *count_r);

/* Returns 1 with the task in the arena, 0 for none, -1. */
MUST_CHECK NONNULL int task_find(struct db_conn *conn, struct arena *arena,
    const struct task_key *key, struct task *task_r);

/* What there is not is not changed.  Returns 1 or -1. */
MUST_CHECK NONNULL int task_update(struct db_conn *conn, struct arena *arena,
    const struct task_key *key, const struct task_change *change);

/* Returns 1, 0 for none, -1. */
MUST_CHECK NONNULL int task_delete(struct db_conn *conn, struct arena *arena,
    const struct task_key *key);

struct task_filter {
	const struct uuid *owner_id;
	struct opt_bool is_done;
	/* Key of a row before the first wished, 16 bytes; absent: none. */
	struct str before;
	int64_t most;
};

/* Who gets the rows, one by one: 1 to go on, 0 to stop, -1 to fail. */
struct task_listing {
	struct task *row;
	int (*each)(void *context);
	void *context;
};

/* Rows that fit, newest first.  Returns 1 or -1. */
MUST_CHECK NONNULL int task_each(struct db_conn *conn, struct arena *arena,
    const struct task_filter *filter, const struct task_listing *listing);

#endif
