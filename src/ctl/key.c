/* latchkeyctl key init|list|rotate|retire. */
#include "auth/keys.h"
#include "auth/keystore.h"
#include "base/clock.h"
#include "base/epoch.h"
#include "base/file.h"
#include "ctl/ctl.h"
#include "ctl/note.h"
#include "ctl/table.h"

static int
init(struct ctl *ctl)
{
	struct why why;

	if (keys_init(ctl->config, &why) < 0)
		return ctl_fail("%s", why.text);
	return CTL_OK;
}

static int
read_list(struct ctl *ctl, struct key_list *list, struct why *why)
{
	const char *dir = ctl->config->path_keys;

	*list = (struct key_list){ .count = 0 };
	if (keystore_read(ctl->arena, dir, list, why) < 0)
		return -1;
	key_list_judge(list, ctl->config, clock_read().unix_s);
	return 1;
}

/* Running processes look at once where the epoch moves. */
static int
write_list(struct ctl *ctl, const struct key_list *list, struct why *why)
{
	const char *epoch =
	    file_path(ctl->arena, ctl->config->path_run, "epoch");

	if (keystore_write(ctl->arena, ctl->config->path_keys, list, why) < 0)
		return -1;
	if (epoch != NULL && epoch_open(epoch) == 1)
		epoch_bump();
	return 1;
}

static int
print_for_scripts(struct ctl *ctl, const struct key_list *list)
{
	struct buf buf = BUF_IN(ctl->arena);
	struct jsonw w = JSONW_INTO(&buf);

	jsonw_object(&w, NULL);
	jsonw_array(&w, "keys");
	for (size_t i = 0; i < list->count; i++) {
		const struct key_entry *entry = &list->entries[i];

		jsonw_object(&w, NULL);
		jsonw_str(&w, "use", str_from(key_kind_name(entry->kind)));
		jsonw_str(&w, "id", str_from(entry->id));
		jsonw_str(&w, "alg", str_from(jws_alg_name(entry->alg)));
		jsonw_str(&w, "state", str_from(key_state_name(entry->state)));
		jsonw_time(&w, "signsFrom", entry->signs_from_s);
		jsonw_object_end(&w);
	}
	jsonw_array_end(&w);
	jsonw_object_end(&w);
	buf_add_byte(&buf, '\n');
	return ctl_print(&buf);
}

static int
print_for_people(struct ctl *ctl, const struct key_list *list)
{
	static const char *const heads[] = { "USE", "ID", "ALG", "STATE",
		"SIGNS FROM", NULL };
	struct table table;

	table_begin(&table, ctl->arena, heads);
	for (size_t i = 0; i < list->count; i++) {
		const struct key_entry *entry = &list->entries[i];

		table_text(&table, str_from(key_kind_name(entry->kind)));
		table_text(&table, str_from(entry->id));
		table_text(&table, str_from(jws_alg_name(entry->alg)));
		table_text(&table, str_from(key_state_name(entry->state)));
		table_time(&table, entry->signs_from_s * 1000);
	}
	return table_print(&table);
}

static int
print_list(struct ctl *ctl)
{
	struct key_list list;
	struct why why;

	if (read_list(ctl, &list, &why) < 0)
		return ctl_fail("%s", why.text);
	return ctl->is_json ? print_for_scripts(ctl, &list)
	                    : print_for_people(ctl, &list);
}

struct rotation {
	enum key_kind kind;
	/* Unix seconds. */
	int64_t signs_from_s;
	struct key_entry made;
};

static int
make_key(struct ctl *ctl, struct rotation *rotation, struct why *why)
{
	const struct config *config = ctl->config;
	enum jws_alg alg;

	if (rotation->kind == KEY_REFRESH)
		return keystore_make_mac_key(config->path_keys, &rotation->made,
		    why);
	if (jws_alg_parse(str_from(config->token_alg), &alg) != 1)
		return why_say(why, "token.alg is not known");
	return keystore_make_token_key(config->path_keys, alg, &rotation->made,
	    why);
}

static void
note_key(struct ctl *ctl, enum audit_event event, const struct key_entry *key)
{
	struct buf detail = BUF_IN(ctl->arena);
	struct str text;

	buf_printf(&detail, "%s %s", key_kind_name(key->kind), key->id);
	if (buf_str(&detail, &text) == 1)
		note_done(ctl, event, text);
}

/*
 * A key that signs at once is written down twice: first as one that others
 * accept and nobody signs with, so that no process of this host meets a token
 * whose key it has yet to hear of.
 */
static int
publish(struct ctl *ctl, struct key_list *list, const struct rotation *rotation,
    struct why *why)
{
	const int64_t from_s = rotation->signs_from_s;
	const int64_t now_s = clock_read().unix_s;
	struct key_entry *entry;

	if (key_list_add(list, &rotation->made, from_s, why) < 0)
		return -1;
	entry = &list->entries[list->count - 1];
	if (from_s <= now_s) {
		entry->signs_from_s = now_s + KEY_EARLY_S / 2;
		if (write_list(ctl, list, why) < 0)
			return -1;
		entry->signs_from_s = from_s;
	}
	return write_list(ctl, list, why);
}

static int
rotate(struct ctl *ctl, struct rotation *rotation)
{
	struct key_list list;
	struct why why;
	const struct key_entry *next;
	char from[CLOCK_TEXT_SIZE];

	if (read_list(ctl, &list, &why) < 0)
		return ctl_fail("%s", why.text);
	next = key_list_next(&list, rotation->kind);
	if (next != NULL)
		return ctl_fail(
		    "%s is published already and has yet to sign; "
		    "see latchkeyctl key list",
		    next->id);
	if (make_key(ctl, rotation, &why) < 0 ||
	    publish(ctl, &list, rotation, &why) < 0)
		return ctl_fail("%s", why.text);
	clock_format(rotation->signs_from_s, from);
	printf("%s is published and signs from %s\n", rotation->made.id, from);
	note_key(ctl, AUDIT_KEY_ROTATED, &rotation->made);
	return CTL_OK;
}

enum { OPTION_REFRESH, OPTION_NOW };

static const struct ctl_option rotate_options[] = {
	[OPTION_REFRESH] = { "--refresh", NULL,
	    "Change the key of refresh tokens, not that of access tokens" },
	[OPTION_NOW] = { "--now", NULL,
	    "Sign with it at once, without the wait of keys.publish_s" },
	{ .name = NULL },
};

static int
rotate_by_options(struct ctl *ctl)
{
	const char *value;
	struct rotation rotation = { .kind = KEY_TOKEN };
	int64_t wait_s = ctl->config->keys_publish_s;
	int option;

	while ((option = ctl_next(ctl, &value)) >= 0) {
		if (option == OPTION_REFRESH)
			rotation.kind = KEY_REFRESH;
		else
			wait_s = 0;
	}
	if (option != CTL_END)
		return CTL_USAGE;
	rotation.signs_from_s = clock_read().unix_s + wait_s;
	return rotate(ctl, &rotation);
}

static struct key_entry *
find_entry(struct key_list *list, const char *id)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->entries[i].id, id) == 0)
			return &list->entries[i];
	return NULL;
}

static int
retire(struct ctl *ctl)
{
	const char *id = "";
	struct key_entry *entry;
	struct key_list list;
	struct why why;

	if (ctl_operand(ctl, &id) != CTL_OK)
		return CTL_USAGE;
	if (read_list(ctl, &list, &why) < 0)
		return ctl_fail("%s", why.text);
	entry = find_entry(&list, id);
	if (entry == NULL) {
		(void)ctl_fail("there is no key %s; see key list", id);
		return CTL_NOT_FOUND;
	}
	if (entry->state == KEY_CURRENT) {
		(void)ctl_fail(
		    "%s signs now; first: latchkeyctl key rotate "
		    "--now%s",
		    entry->id, entry->kind == KEY_REFRESH ? " --refresh" : "");
		return CTL_REFUSED;
	}
	entry->is_retired = true;
	if (write_list(ctl, &list, &why) < 0 ||
	    keystore_remove(ctl->config->path_keys, entry, &why) < 0)
		return ctl_fail("%s", why.text);
	printf("%s is retired: nothing made with it is accepted\n", entry->id);
	note_key(ctl, AUDIT_KEY_RETIRED, entry);
	return CTL_OK;
}

const struct ctl_command ctl_key_commands[] = {
	{ "key", "init", NULL, "Make the keys that are missing", NULL, false,
	    init },
	{ "key", "list", NULL, "List the keys", NULL, true, print_list },
	{ "key", "rotate", NULL,
	    "Publish a new key, which signs after keys.publish_s",
	    rotate_options, false, rotate_by_options },
	{ "key", "retire", "ID", "Accept nothing made with a key any more",
	    NULL, false, retire },
	{ .noun = NULL },
};
