/* Two hash tables of shortened ids. */
#include "auth/revoked_set.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 64 };

static uint64_t
short_of(const struct uuid *id)
{
	uint64_t bytes;

	memcpy(&bytes, id->bytes + UUID_SIZE - sizeof bytes, sizeof bytes);
	/* None of ours is 0, which marks a free slot. */
	return bytes == 0 ? 1 : bytes;
}

/*
 * The id's, or a free one.  Its first byte in memory says what kind of UUID it
 * is; the others are random, so that no further hashing is needed.
 */
static size_t
find_slot(const struct revoked_table *table, uint64_t id)
{
	size_t i = (size_t)(be64toh(id) & (table->size - 1));

	while (table->ids[i] != 0 && table->ids[i] != id)
		i = (i + 1) & (table->size - 1);
	return i;
}

static void
table_free(struct revoked_table *table)
{
	free(table->ids);
	free(table->least_versions);
	*table = (struct revoked_table){ 0 };
}

/* 0, which revokes nobody, in a table of sessions. */
static int64_t
version_at(const struct revoked_table *table, size_t slot)
{
	return table->least_versions == NULL ? 0 : table->least_versions[slot];
}

/* There is room. */
static void
place(struct revoked_table *table, uint64_t id, int64_t least_version)
{
	const size_t slot = find_slot(table, id);

	table->used += table->ids[slot] == 0;
	table->ids[slot] = id;
	if (table->least_versions != NULL &&
	    table->least_versions[slot] < least_version)
		table->least_versions[slot] = least_version;
}

static int
make_room(struct revoked_table *table, bool has_versions)
{
	struct revoked_table bigger = { 0 };

	if (table->used * 4 < table->size * 3)
		return 1;
	bigger.size = table->size == 0 ? FIRST_SLOTS : table->size * 2;
	bigger.ids = calloc(bigger.size, sizeof *bigger.ids);
	if (has_versions)
		bigger.least_versions =
		    calloc(bigger.size, sizeof *bigger.least_versions);
	if (bigger.ids == NULL ||
	    (has_versions && bigger.least_versions == NULL)) {
		table_free(&bigger);
		return -1;
	}
	for (size_t i = 0; i < table->size; i++)
		if (table->ids[i] != 0)
			place(&bigger, table->ids[i], version_at(table, i));
	table_free(table);
	*table = bigger;
	return 1;
}

/* Of a session the version is 0, of a user it is more. */
static int
put(struct revoked_table *table, uint64_t id, int64_t least_version)
{
	if (make_room(table, least_version > 0) < 0)
		return -1;
	place(table, id, least_version);
	return 1;
}

static int
put_all(struct revoked_table *table, const struct revoked_table *from)
{
	for (size_t i = 0; i < from->size; i++)
		if (from->ids[i] != 0 &&
		    put(table, from->ids[i], version_at(from, i)) < 0)
			return -1;
	return 1;
}

bool
revoked_set_has_session(const struct revoked_set *set,
    const struct uuid *session_id)
{
	const struct revoked_table *sessions = &set->sessions;
	const uint64_t id = short_of(session_id);

	return sessions->size > 0 &&
	    sessions->ids[find_slot(sessions, id)] == id;
}

int64_t
revoked_set_least_version(const struct revoked_set *set,
    const struct uuid *user_id)
{
	const struct revoked_table *users = &set->users;

	/* A free slot has 0 beside it. */
	return users->size == 0
	    ? 0
	    : users->least_versions[find_slot(users, short_of(user_id))];
}

int
revoked_set_add_session(struct revoked_set *set, const struct uuid *session_id)
{
	return put(&set->sessions, short_of(session_id), 0);
}

int
revoked_set_add_user(struct revoked_set *set, const struct uuid *user_id,
    int64_t least_version)
{
	/* No version is lower than 1. */
	if (least_version <= 0)
		return 1;
	return put(&set->users, short_of(user_id), least_version);
}

int
revoked_set_add_all(struct revoked_set *set, const struct revoked_set *from)
{
	return put_all(&set->sessions, &from->sessions) == 1
	    ? put_all(&set->users, &from->users)
	    : -1;
}

bool
revoked_set_is_crowded(const struct revoked_set *set)
{
	const struct revoked_table *sessions = &set->sessions;

	return sessions->size > 0 && sessions->used * 10 >= sessions->size * 7;
}

void
revoked_set_free(struct revoked_set *set)
{
	table_free(&set->sessions);
	table_free(&set->users);
}
