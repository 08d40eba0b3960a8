/* Key files that keys.list does not know yet, and the check of all others. */
#include "auth/keystore.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/name.h"

#include <dirent.h>

static bool
is_listed(const struct key_list *list, enum key_kind kind, struct str id)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->entries[i].kind == kind &&
		    str_equal(str_from(list->entries[i].id), id))
			return true;
	return false;
}

/* "token-ID.pem", "token-ID.hmac" or "refresh-ID.hmac".  Returns 1 or 0. */
static int
parse_name(struct str name, struct key_entry *entry_r, bool *is_pem_r)
{
	const struct str token = STR("token-");
	const struct str refresh = STR("refresh-");
	struct key_entry entry = { .alg = JWS_HS256 };

	*is_pem_r = str_ends(name, STR(".pem"));
	if (!*is_pem_r && !str_ends(name, STR(".hmac")))
		return 0;
	if (str_starts(name, token)) {
		entry.kind = KEY_TOKEN;
		name = str_from_offset(name, token.len);
	} else if (str_starts(name, refresh) && !*is_pem_r) {
		entry.kind = KEY_REFRESH;
		name = str_from_offset(name, refresh.len);
	} else {
		return 0;
	}
	name.len -= *is_pem_r ? STR(".pem").len : STR(".hmac").len;
	if (!name_is_key_id(name))
		return 0;
	snprintf(entry.id, sizeof entry.id, "%.*s", STR_ARG(name));
	*entry_r = entry;
	return 1;
}

/* A PEM file tells its algorithm only when it is decoded. */
static int
detect_alg(struct arena *arena, const char *dir, struct key_entry *entry,
    struct why *why_r)
{
	struct jws_key *key = NULL;
	const char *why = "can't be decoded";
	const char *path;
	struct str bytes;
	struct buf name = BUF_IN(arena);

	buf_printf(&name, "%s/token-%s.pem", dir, entry->id);
	path = name.is_failed ? NULL : name.ptr;
	if (path == NULL)
		return why_say(why_r, "out of memory");
	if (file_read(arena, path, FILE_SECRET, &bytes, &why) != 1 ||
	    jws_key_from_pem((struct secret){ (const unsigned char *)bytes.ptr,
	                         bytes.len },
	        &key, &why) != 1)
		return why_say(why_r, "key file %s %s", path, why);
	entry->alg = jws_key_alg(key);
	jws_key_free(&key);
	return 1;
}

static int
take_in(struct arena *arena, const char *dir, struct key_list *list,
    struct key_entry *entry, struct why *why_r)
{
	if (entry->kind == KEY_TOKEN && entry->alg != JWS_HS256 &&
	    keystore_write_public(arena, dir, entry, why_r) < 0)
		return -1;
	return key_list_add(list, entry, clock_read().unix_s, why_r);
}

static int
scan_entry(struct arena *arena, const char *dir, struct key_list *list,
    struct str name, struct why *why_r)
{
	struct key_entry entry;
	bool is_pem;

	if (parse_name(name, &entry, &is_pem) != 1 ||
	    is_listed(list, entry.kind, str_from(entry.id)))
		return 1;
	if (is_pem && detect_alg(arena, dir, &entry, why_r) < 0)
		return -1;
	return take_in(arena, dir, list, &entry, why_r);
}

int
keystore_check(struct arena *arena, const char *dir,
    const struct key_list *list, struct why *why_r)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct key_entry *entry = &list->entries[i];
		struct jws_key *key;
		struct secret mac;

		if (entry->is_retired)
			continue;
		if (entry->kind == KEY_REFRESH) {
			if (keystore_load_mac(arena, dir, entry, &mac, why_r) <
			    0)
				return -1;
			continue;
		}
		if (keystore_load_private(dir, entry, &key, why_r) < 0)
			return -1;
		jws_key_free(&key);
	}
	return 1;
}

int
keystore_scan(struct arena *arena, const char *dir, struct key_list *list,
    struct why *why_r)
{
	DIR *open_dir = opendir(dir);
	const struct dirent *found;
	int rc = 1;

	if (open_dir == NULL)
		return why_say(why_r, "key directory %s can't be read", dir);
	/* Before any thread: nobody else reads a directory. */
	/* cppcheck-suppress readdirCalled */
	while (rc == 1 && (found = readdir(open_dir)) != NULL)
		rc = scan_entry(arena, dir, list, str_from(found->d_name),
		    why_r);
	closedir(open_dir);
	return rc == 1 ? keystore_check(arena, dir, list, why_r) : rc;
}
