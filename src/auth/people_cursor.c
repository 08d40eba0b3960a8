/* Where a list of people goes on. */
#include "auth/cursor.h"
#include "auth/people_walk.h"

/* A key is the way, then the place. */
enum { NUMBER_SIZE = 8, BITS_A_BYTE = 8 };

enum people_way
people_usual_way(const struct user_filter *filter)
{
	if (filter->text.len > LIMIT_TERM)
		return WAY_TEXT;
	if (filter->text.len > 0)
		return WAY_TERM;
	if (filter->role.ptr != NULL)
		return WAY_ROLE;
	return filter->status.is_set ? WAY_STATUS : WAY_ALL;
}

int
people_write_cursor(struct people_walk *walk, struct str *cursor_r)
{
	const uint64_t number = (uint64_t)walk->next.number;
	struct buf key = BUF_IN(walk->context->arena);
	struct str bytes;

	buf_add_byte(&key, (char)walk->next_way);
	if (walk->next_way == WAY_TEXT)
		for (int i = NUMBER_SIZE - 1; i >= 0; i--)
			buf_add_byte(&key, (char)(number >> i * BITS_A_BYTE));
	else
		buf_add(&key,
		    (struct str){ (const char *)walk->next.id.bytes,
		        UUID_SIZE });
	if (walk->next_way == WAY_TERM)
		buf_add(&key, walk->next.term);
	if (buf_str(&key, &bytes) < 0)
		return -1;
	return cursor_write(walk->context->arena, CURSOR_USERS, bytes,
	    cursor_r);
}

/* Whether a list that is asked for so is read that way. */
static bool
fits(const struct user_filter *filter, enum people_way way)
{
	switch (way) {
	case WAY_ALL:
		return people_usual_way(filter) == WAY_ALL;
	case WAY_ROLE:
		return filter->role.ptr != NULL;
	case WAY_STATUS:
		return filter->status.is_set;
	case WAY_TERM:
	case WAY_TEXT:
		return filter->text.len > 0;
	}
	return false;
}

static bool
read_place(struct people_walk *walk, struct str key)
{
	struct user_place *place = &walk->place;
	uint64_t number = 0;

	if (walk->way == WAY_TEXT) {
		for (size_t i = 0; i < key.len; i++)
			number =
			    number << BITS_A_BYTE | (unsigned char)key.ptr[i];
		place->number = (int64_t)number;
		return key.len == NUMBER_SIZE && place->number >= 0;
	}
	if (key.len < UUID_SIZE)
		return false;
	memcpy(place->id.bytes, key.ptr, UUID_SIZE);
	place->term = str_from_offset(key, UUID_SIZE);
	return walk->way == WAY_TERM
	    ? str_starts(place->term, walk->filter.text)
	    : place->term.len == 0;
}

int
people_read_cursor(struct people_walk *walk, struct str cursor)
{
	struct str key;
	const int rc =
	    cursor_read(walk->context->arena, CURSOR_USERS, cursor, 1, &key);

	if (rc != 1)
		return rc;
	walk->way = (enum people_way)key.ptr[0];
	return fits(&walk->filter, walk->way) &&
	    read_place(walk, str_from_offset(key, 1));
}
