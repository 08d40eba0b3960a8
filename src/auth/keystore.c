/* The directory of keys: its list and its files. */
#include "auth/keystore.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/name.h"
#include "base/rnd.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAC_ID_BYTES = 4, MAC_KEY_SIZE = 32 };

enum { IN_USE, RETIRED };

static const char *const use_names[] = {
	[IN_USE] = "in-use",
	[RETIRED] = "retired",
};

static const char list_name[] = "keys.list";

static const char *const kind_names[] = {
	[KEY_TOKEN] = "token",
	[KEY_REFRESH] = "refresh",
};

static const char *const state_names[] = {
	[KEY_NEXT] = "next",
	[KEY_CURRENT] = "current",
	[KEY_RETIRING] = "retiring",
	[KEY_RETIRED] = "retired",
};

const char *
keystore_list_path(const struct config *config)
{
	return file_path(config->arena, config->path_keys, list_name);
}

const char *
key_kind_name(enum key_kind kind)
{
	return kind_names[kind];
}

const char *
key_state_name(enum key_state state)
{
	return state_names[state];
}

static int
name_in(const char *const *names, size_t count, struct str name)
{
	for (size_t i = 0; i < count; i++)
		if (str_equal(name, str_from(names[i])))
			return (int)i;
	return -1;
}

static int
parse_line(struct str line, struct key_entry *entry_r)
{
	struct str parts[5];
	int kind;
	int use;

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		const bool has_more = str_cut(&line, ' ', &parts[i]);

		if (has_more != (i < ARRAY_LEN(parts) - 1))
			return 0;
	}
	kind = name_in(kind_names, ARRAY_LEN(kind_names), parts[0]);
	use = name_in(use_names, ARRAY_LEN(use_names), parts[4]);
	if (kind < 0 || use < 0 || !name_is_key_id(parts[1]) ||
	    jws_alg_parse(parts[2], &entry_r->alg) != 1 ||
	    str_to_int64(parts[3], &entry_r->signs_from_s) != 1)
		return 0;
	entry_r->kind = (enum key_kind)kind;
	entry_r->is_retired = use == RETIRED;
	snprintf(entry_r->id, sizeof entry_r->id, "%.*s", STR_ARG(parts[1]));
	return 1;
}

int
keystore_read(struct arena *arena, const char *dir, struct key_list *list_r,
    struct why *why_r)
{
	const char *path = file_path(arena, dir, list_name);
	const char *why = "can't be read";
	struct str rest;
	struct str line;
	int number = 0;
	int rc;

	if (path == NULL)
		return -1;
	rc = file_read(arena, path, FILE_PUBLIC, &rest, &why);
	if (rc < 0)
		why_set(why_r, "%s %s", path, why);
	if (rc != 1)
		return rc;
	list_r->count = 0;
	while (rest.len > 0) {
		(void)str_cut(&rest, '\n', &line);
		number++;
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		if (list_r->count == LIMIT_KEYS ||
		    parse_line(line, &list_r->entries[list_r->count]) != 1)
			return why_say(why_r,
			    "%s:%d: is not: kind id algorithm time use", path,
			    number);
		list_r->count++;
	}
	return 1;
}

int
keystore_write(struct arena *arena, const char *dir,
    const struct key_list *list, struct why *why_r)
{
	const char *path = file_path(arena, dir, list_name);
	struct buf buf = BUF_IN(arena);
	struct str text;

	buf_add_c(&buf,
	    "# Written by latchkeyctl key: kind, id, algorithm, "
	    "signs from (Unix time), use\n");
	for (size_t i = 0; i < list->count; i++) {
		const struct key_entry *entry = &list->entries[i];

		buf_printf(&buf, "%s %s %s %" PRId64 " %s\n",
		    kind_names[entry->kind], entry->id,
		    jws_alg_name(entry->alg), entry->signs_from_s,
		    use_names[entry->is_retired ? RETIRED : IN_USE]);
	}
	if (path == NULL || buf_str(&buf, &text) < 0 ||
	    file_write(path, text, 0600) < 0) {
		return why_say(why_r, "%s/%s can't be written: %s", dir,
		    list_name, strerror(errno));
	}
	return 1;
}

static void
file_name(char *path, size_t size, const char *dir,
    const struct key_entry *entry, const char *suffix)
{
	snprintf(path, size, "%s/%s-%s.%s", dir, kind_names[entry->kind],
	    entry->id, suffix);
}

/* Read a file of the store into the arena; a missing one is an error here. */
static int
read_file(struct arena *arena, const char *path, enum file_trust trust,
    struct str *bytes_r, struct why *why_r)
{
	const char *why = "does not exist";

	if (file_read(arena, path, trust, bytes_r, &why) == 1)
		return 1;
	return why_say(why_r, "key file %s %s", path, why);
}

/* Decode a key and hold it against its entry.  Returns 1 or -1. */
static int
decode_key(struct str bytes, const char *path, const struct key_entry *entry,
    struct jws_key **key_r, struct why *why_r)
{
	const struct secret secret = { (const unsigned char *)bytes.ptr,
		bytes.len };
	struct jws_key *key = NULL;
	const char *why = "can't be decoded";
	int rc = entry->alg == JWS_HS256 ? jws_key_from_hmac(secret, &key, &why)
	                                 : jws_key_from_pem(secret, &key, &why);

	if (rc == 1 && jws_key_alg(key) != entry->alg) {
		why = "is of another algorithm than keys.list says";
		rc = 0;
	}
	if (rc == 1 && strcmp(jws_key_kid(key), entry->id) != 0) {
		why =
		    "is named after another key; the name must be the "
		    "RFC 7638 thumbprint";
		rc = 0;
	}
	if (rc == 1) {
		*key_r = key;
		return 1;
	}
	jws_key_free(&key);
	return why_say(why_r, "key file %s %s", path, why);
}

static int
load_key(const char *path, enum file_trust trust, const struct key_entry *entry,
    struct jws_key **key_r, struct why *why_r)
{
	struct arena *arena = arena_new(LIMIT_ARENA);
	struct str bytes;
	int rc;

	if (arena == NULL)
		return why_say(why_r, "out of memory");
	rc = read_file(arena, path, trust, &bytes, why_r);
	if (rc == 1)
		rc = decode_key(bytes, path, entry, key_r, why_r);
	arena_free(&arena);
	return rc;
}

int
keystore_load_private(const char *dir, const struct key_entry *entry,
    struct jws_key **key_r, struct why *why_r)
{
	char path[4096];

	file_name(path, sizeof path, dir, entry,
	    entry->alg == JWS_HS256 ? "hmac" : "pem");
	return load_key(path, FILE_SECRET, entry, key_r, why_r);
}

int
keystore_load_public(const char *dir, const struct key_entry *entry,
    struct jws_key **key_r, struct why *why_r)
{
	char path[4096];

	if (entry->alg == JWS_HS256)
		return keystore_load_private(dir, entry, key_r, why_r);
	file_name(path, sizeof path, dir, entry, "pub");
	return load_key(path, FILE_PUBLIC, entry, key_r, why_r);
}

int
keystore_load_mac(struct arena *arena, const char *dir,
    const struct key_entry *entry, struct secret *bytes_r, struct why *why_r)
{
	struct jws_key *judged = NULL;
	const char *why = "can't be decoded";
	struct secret secret;
	struct str bytes;
	char path[4096];

	file_name(path, sizeof path, dir, entry, "hmac");
	if (read_file(arena, path, FILE_SECRET, &bytes, why_r) < 0)
		return -1;
	secret = (struct secret){ (const unsigned char *)bytes.ptr, bytes.len };
	/* The same rules as for a secret that signs access tokens. */
	if (jws_key_from_hmac(secret, &judged, &why) != 1) {
		return why_say(why_r, "key file %s %s", path, why);
	}
	jws_key_free(&judged);
	*bytes_r = secret;
	return 1;
}

int
keystore_check_dir(const char *dir, struct why *why_r)
{
	struct stat st;
	const char *why = NULL;

	if (lstat(dir, &st) != 0) {
		if (errno == ENOENT)
			return 0;
		why = "can't be looked at";
	} else if (!S_ISDIR(st.st_mode)) {
		why = "is no directory";
	} else if (st.st_uid != geteuid() && st.st_uid != 0) {
		why = "belongs to another user; chown it to the service's user";
	} else if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
		why = "is open to others; chmod 700 it";
	}
	if (why == NULL)
		return 1;
	return why_say(why_r, "key directory %s %s", dir, why);
}

static int
write_key_file(const char *dir, const struct key_entry *entry,
    const char *suffix, struct str bytes, struct why *why_r)
{
	char path[4096];

	file_name(path, sizeof path, dir, entry, suffix);
	if (file_write(path, bytes, 0600) == 1)
		return 1;
	return why_say(why_r, "key file %s can't be written: %s", path,
	    strerror(errno));
}

static int
write_public(const char *dir, const struct key_entry *entry,
    const struct jws_key *key, struct arena *arena, struct why *why_r)
{
	struct buf public = BUF_IN(arena);
	struct str text;

	if (jws_key_write_public(key, &public) < 0 ||
	    buf_str(&public, &text) < 0)
		return why_say(why_r, "a public key can't be encoded");
	return write_key_file(dir, entry, "pub", text, why_r);
}

int
keystore_write_public(struct arena *arena, const char *dir,
    const struct key_entry *entry, struct why *why_r)
{
	struct jws_key *key = NULL;
	int rc;

	if (keystore_load_private(dir, entry, &key, why_r) < 0)
		return -1;
	rc = write_public(dir, entry, key, arena, why_r);
	jws_key_free(&key);
	return rc;
}

static int
write_token_key(const char *dir, const struct key_entry *entry,
    const struct jws_key *key, struct arena *arena, struct why *why_r)
{
	const bool is_hmac = entry->alg == JWS_HS256;
	struct buf secret = BUF_IN(arena);
	struct str text;

	if (jws_key_write_private(key, &secret) < 0 ||
	    buf_str(&secret, &text) < 0)
		return why_say(why_r, "a key can't be encoded");
	if (write_key_file(dir, entry, is_hmac ? "hmac" : "pem", text, why_r) <
	    0)
		return -1;
	return is_hmac ? 1 : write_public(dir, entry, key, arena, why_r);
}

int
keystore_make_token_key(const char *dir, enum jws_alg alg,
    struct key_entry *entry_r, struct why *why_r)
{
	struct arena *arena = arena_new(LIMIT_ARENA);
	struct jws_key *key = NULL;
	int rc = -1;

	why_set(why_r, "a key can't be made");
	if (arena != NULL && jws_key_generate(alg, &key) == 1) {
		*entry_r = (struct key_entry){ .kind = KEY_TOKEN, .alg = alg };
		snprintf(entry_r->id, sizeof entry_r->id, "%s",
		    jws_key_kid(key));
		rc = write_token_key(dir, entry_r, key, arena, why_r);
	}
	jws_key_free(&key);
	arena_free(&arena);
	return rc;
}

int
keystore_make_mac_key(const char *dir, struct key_entry *entry_r,
    struct why *why_r)
{
	unsigned char bytes[MAC_ID_BYTES + MAC_KEY_SIZE];
	const char *secret = (const char *)bytes + MAC_ID_BYTES;
	int rc;

	if (rnd_bytes(bytes, sizeof bytes) < 0) {
		return why_say(why_r, "no randomness to be had");
	}
	*entry_r = (struct key_entry){ .kind = KEY_REFRESH, .alg = JWS_HS256 };
	snprintf(entry_r->id, sizeof entry_r->id, "%02x%02x%02x%02x", bytes[0],
	    bytes[1], bytes[2], bytes[3]);
	rc = write_key_file(dir, entry_r, "hmac",
	    (struct str){ secret, MAC_KEY_SIZE }, why_r);
	secret_wipe(bytes, sizeof bytes);
	return rc;
}

int
keystore_remove(const char *dir, const struct key_entry *entry,
    struct why *why_r)
{
	static const char *const suffixes[] = { "pem", "pub", "hmac" };
	char path[4096];

	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		file_name(path, sizeof path, dir, entry, suffixes[i]);
		if (unlink(path) != 0 && errno != ENOENT)
			return why_say(why_r,
			    "key file %s can't be removed: %s", path,
			    strerror(errno));
	}
	return 1;
}
