/* Rows of the table task. */
#include "model/task.h"

#include "base/limits.h"
#include "base/utf8.h"

/* Bytes. */
enum {
	TITLE_MOST = LIMIT_TASK_TITLE * UTF8_MOST,
	NOTES_MOST = LIMIT_TASK_NOTES * UTF8_MOST,
};

/* The columns of struct task, and their places. */
#define TASK_SELECT \
	"SELECT id, title, notes, due_ms, is_done, created_ms, updated_ms" \
	" FROM task "
#define TASK_OUT(t) \
	DB_OUT_UUID(&(t)->id), DB_OUT_STR(&(t)->title, TITLE_MOST), \
	    DB_OUT_STR(&(t)->notes, NOTES_MOST), DB_OUT_OPT_INT(&(t)->due_ms), \
	    DB_OUT_INT(&(t)->is_done), DB_OUT_INT(&(t)->created_ms), \
	    DB_OUT_INT(&(t)->updated_ms)

DB_STATEMENT(task_add,
    "INSERT INTO task (id, user_id, title, notes, due_ms, is_done, created_ms,"
    " updated_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");

int
task_insert(struct db_conn *conn, struct arena *arena,
    const struct uuid *owner_id, const struct task *task)
{
	const struct db_in in[] = {
		DB_UUID(&task->id),
		DB_UUID(owner_id),
		DB_TEXT(task->title),
		DB_TEXT(task->notes),
		DB_OPT_INT(task->due_ms),
		DB_INT(task->is_done),
		DB_INT(task->created_ms),
		DB_INT(task->updated_ms),
	};
	int64_t affected;

	return db_exec(conn, DB_EXEC(task_add, arena, in), &affected);
}

DB_STATEMENT(task_count_of, "SELECT COUNT(*) FROM task WHERE user_id = ?");

int
task_count(struct db_conn *conn, struct arena *arena,
    const struct uuid *owner_id, int64_t *count_r)
{
	const struct db_in in[] = { DB_UUID(owner_id) };
	const struct db_out out[] = { DB_OUT_INT(count_r) };

	return db_one(conn, DB_CALL(task_count_of, arena, in, out)) == 1 ? 1
	                                                                 : -1;
}

DB_STATEMENT(task_one, TASK_SELECT "WHERE id = ? AND user_id = ?");

int
task_find(struct db_conn *conn, struct arena *arena, const struct task_key *key,
    struct task *task_r)
{
	const struct db_in in[] = { DB_UUID(key->id), DB_UUID(key->owner_id) };
	const struct db_out out[] = { TASK_OUT(task_r) };

	return db_one(conn, DB_CALL(task_one, arena, in, out));
}

DB_STATEMENT(task_set,
    "UPDATE task SET title = COALESCE(?, title), notes = IF(?, ?, notes),"
    " due_ms = IF(?, ?, due_ms), is_done = COALESCE(?, is_done),"
    " updated_ms = ? WHERE id = ? AND user_id = ?");

int
task_update(struct db_conn *conn, struct arena *arena,
    const struct task_key *key, const struct task_change *change)
{
	const struct db_in in[] = {
		DB_TEXT(change->title),
		DB_INT(change->notes.is_given),
		DB_TEXT(change->notes.text),
		DB_INT(change->due_ms.is_given),
		DB_OPT_INT(change->due_ms.number),
		DB_OPT_INT(change->is_done),
		DB_INT(change->updated_ms),
		DB_UUID(key->id),
		DB_UUID(key->owner_id),
	};
	int64_t affected;

	return db_exec(conn, DB_EXEC(task_set, arena, in), &affected);
}

DB_STATEMENT(task_remove, "DELETE FROM task WHERE id = ? AND user_id = ?");

int
task_delete(struct db_conn *conn, struct arena *arena,
    const struct task_key *key)
{
	const struct db_in in[] = { DB_UUID(key->id), DB_UUID(key->owner_id) };
	int64_t affected;

	if (db_exec(conn, DB_EXEC(task_remove, arena, in), &affected) < 0)
		return -1;
	return affected == 1;
}

/*
 * Left alone, MariaDB may walk through everybody's tasks for the order of
 * their ids, hoping to meet enough of the owner's.
 */
DB_STATEMENT(task_page,
    TASK_SELECT
    "FORCE INDEX (user_id, user_done)"
    " WHERE user_id = ? AND (? IS NULL OR is_done = ?)"
    " AND (? IS NULL OR id < ?) ORDER BY id DESC LIMIT ?");

int
task_each(struct db_conn *conn, struct arena *arena,
    const struct task_filter *filter, const struct task_listing *listing)
{
	const struct db_in in[] = {
		DB_UUID(filter->owner_id),
		DB_OPT_INT(filter->is_done),
		DB_OPT_INT(filter->is_done),
		DB_OPT_BYTES(filter->before),
		DB_OPT_BYTES(filter->before),
		DB_INT(filter->most),
	};
	const struct db_out out[] = { TASK_OUT(listing->row) };

	return db_each(conn, DB_CALL(task_page, arena, in, out), listing->each,
	    listing->context);
}
