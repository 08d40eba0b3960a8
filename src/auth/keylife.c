/* From next to current to retiring to retired: the life of a key. */
#include "auth/app.h"
#include "auth/keystore.h"

/* How long after its last use something made with a key may still live. */
static int64_t
life_s(const struct config *config, enum key_kind kind)
{
	const int64_t access_s = app_access_life_ms(config) / 1000;

	if (kind == KEY_TOKEN)
		return access_s;
	/* A refresh token dies when its session was idle for too long. */
	return config->token_refresh_idle_s + config->refresh_grace_s;
}

/* Whether a comes after b; of two with the same time the later line does. */
static bool
is_after(const struct key_entry *a, const struct key_entry *b)
{
	return a->signs_from_s > b->signs_from_s ||
	    (a->signs_from_s == b->signs_from_s && a > b);
}

/*
 * The entry that took or will take over, or NULL.  One retired by hand takes
 * over from nobody: what came before it goes on.
 */
static const struct key_entry *
successor_of(const struct key_list *list, const struct key_entry *entry)
{
	const struct key_entry *first = NULL;

	for (size_t i = 0; i < list->count; i++) {
		const struct key_entry *other = &list->entries[i];

		if (other->kind == entry->kind && !other->is_retired &&
		    is_after(other, entry) &&
		    (first == NULL || is_after(first, other)))
			first = other;
	}
	return first;
}

/* A moment in the future at which something changes. */
static void
consider(struct key_list *list, int64_t when_s, int64_t now_s)
{
	if (when_s > now_s && when_s < list->changes_s)
		list->changes_s = when_s;
}

static enum key_state
judge(struct key_list *list, const struct key_entry *entry,
    const struct config *config, int64_t now_s)
{
	const struct key_entry *successor = successor_of(list, entry);
	int64_t end_s;

	if (entry->is_retired)
		return KEY_RETIRED;
	if (entry->signs_from_s > now_s) {
		consider(list, entry->signs_from_s - KEY_EARLY_S, now_s);
		consider(list, entry->signs_from_s, now_s);
		return KEY_NEXT;
	}
	if (successor == NULL || successor->signs_from_s > now_s)
		return KEY_CURRENT;
	end_s = successor->signs_from_s + life_s(config, entry->kind);
	if (end_s <= now_s)
		return KEY_RETIRED;
	consider(list, end_s, now_s);
	return KEY_RETIRING;
}

void
key_list_judge(struct key_list *list, const struct config *config,
    int64_t now_s)
{
	list->changes_s = INT64_MAX;
	for (size_t i = 0; i < list->count; i++)
		list->entries[i].state =
		    judge(list, &list->entries[i], config, now_s);
}

int
key_list_add(struct key_list *list, const struct key_entry *entry,
    int64_t signs_from_s, struct why *why_r)
{
	if (list->count == LIMIT_KEYS)
		return why_say(why_r,
		    "keys.list has %d entries, which is the most; "
		    "remove retired ones from it",
		    LIMIT_KEYS);
	list->entries[list->count] = *entry;
	list->entries[list->count].signs_from_s = signs_from_s;
	list->count++;
	return 1;
}

static const struct key_entry *
find_state(const struct key_list *list, enum key_kind kind,
    enum key_state state)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->entries[i].kind == kind &&
		    list->entries[i].state == state)
			return &list->entries[i];
	return NULL;
}

const struct key_entry *
key_list_current(const struct key_list *list, enum key_kind kind)
{
	return find_state(list, kind, KEY_CURRENT);
}

const struct key_entry *
key_list_next(const struct key_list *list, enum key_kind kind)
{
	return find_state(list, kind, KEY_NEXT);
}
