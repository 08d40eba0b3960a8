/*
 * The directory of keys.  The files hold the keys; keys.list says what each
 * is for, one a line: kind, id, algorithm, the time from which it signs (Unix
 * seconds), and whether it is in use or retired.  Everything else about a
 * key's life follows from these times, so that a rotation needs no second
 * hand: see key_list_judge.
 */
#ifndef LATCHKEY_AUTH_KEYSTORE_H
#define LATCHKEY_AUTH_KEYSTORE_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/config.h"
#include "base/limits.h"
#include "base/secret.h"
#include "base/str.h"
#include "wrap/jws.h"

enum key_kind {
	/* Signs access tokens. */
	KEY_TOKEN,
	/* Makes the MAC of refresh tokens. */
	KEY_REFRESH,
};

/* In the order of a key's life. */
enum key_state {
	/* Published, not yet used. */
	KEY_NEXT,
	/* New tokens are made with it. */
	KEY_CURRENT,
	/* Tokens made with it are still accepted. */
	KEY_RETIRING,
	/* No longer accepted. */
	KEY_RETIRED,
	KEY_STATE__MAX,
};

enum {
	KEY_ID_SIZE = 65,
	/* Hosts' clocks differ: tokens of the next key pass this much early. */
	KEY_EARLY_S = 60,
};

struct key_entry {
	enum key_kind kind;
	char id[KEY_ID_SIZE];
	enum jws_alg alg;
	/* Unix seconds. */
	int64_t signs_from_s;
	/* By hand; a key also retires when nothing made with it can live. */
	bool is_retired;
	/* As of the last key_list_judge. */
	enum key_state state;
};

struct key_list {
	struct key_entry entries[LIMIT_KEYS];
	size_t count;
	/* When key_list_judge would next decide otherwise (Unix seconds). */
	int64_t changes_s;
};

/*
 * Set every entry's state at now_s.  Of the keys of a kind that are not
 * retired by hand, the last one whose time has come is current, later ones
 * are next, and earlier ones retire as long after their successor's time as a
 * token may live.
 */
NONNULL void key_list_judge(struct key_list *list, const struct config *config,
    int64_t now_s);

/* Append an entry.  Returns 1, or -1 with a line where the list is full. */
MUST_CHECK NONNULL int key_list_add(struct key_list *list,
    const struct key_entry *entry, int64_t signs_from_s, struct why *why_r);

/* The entry of a kind that is current, or NULL. */
MUST_CHECK NONNULL const struct key_entry *
key_list_current(const struct key_list *list, enum key_kind kind);
/* The entry of a kind that will be current, or NULL. */
MUST_CHECK NONNULL const struct key_entry *
key_list_next(const struct key_list *list, enum key_kind kind);

/* Path of keys.list, as long-lived as the config; NULL without memory. */
MUST_CHECK NONNULL const char *keystore_list_path(const struct config *config);

MUST_CHECK const char *key_kind_name(enum key_kind kind);
MUST_CHECK const char *key_state_name(enum key_state state);

/*
 * Read keys.list; states are not judged yet.  Returns 1, 0 where there is
 * none, -1 with a line for people.
 */
MUST_CHECK NONNULL int keystore_read(struct arena *arena, const char *dir,
    struct key_list *list_r, struct why *why_r);

/* Replace keys.list.  Returns 1 or -1 with a line. */
MUST_CHECK NONNULL int keystore_write(struct arena *arena, const char *dir,
    const struct key_list *list, struct why *why_r);

/*
 * Load a token key with its private half, or only what verifies (the public
 * half; HS256 has but one).  The id must be the key's own thumbprint.
 * The caller frees *key_r by jws_key_free.  Returns 1 or -1 with a line.
 */
MUST_CHECK NONNULL int keystore_load_private(const char *dir,
    const struct key_entry *entry, struct jws_key **key_r, struct why *why_r);
MUST_CHECK NONNULL int keystore_load_public(const char *dir,
    const struct key_entry *entry, struct jws_key **key_r, struct why *why_r);

/* The bytes of a refresh key, in the arena.  Returns 1 or -1 with a line. */
MUST_CHECK NONNULL int keystore_load_mac(struct arena *arena, const char *dir,
    const struct key_entry *entry, struct secret *bytes_r, struct why *why_r);

/*
 * The directory must be ours and closed to others.  Returns 1, 0 where it
 * does not exist, -1 with a line.
 */
MUST_CHECK NONNULL int keystore_check_dir(const char *dir, struct why *why_r);

/* Make a key, write its files and fill *entry_r.  Returns 1 or -1. */
MUST_CHECK NONNULL int keystore_make_token_key(const char *dir,
    enum jws_alg alg, struct key_entry *entry_r, struct why *why_r);
MUST_CHECK NONNULL int keystore_make_mac_key(const char *dir,
    struct key_entry *entry_r, struct why *why_r);

/*
 * Remove the files of a key, so that nothing takes it in again.  Returns 1,
 * or -1 with a line.
 */
MUST_CHECK NONNULL int keystore_remove(const char *dir,
    const struct key_entry *entry, struct why *why_r);

/* Write the public half of a private PEM file beside it.  1 or -1. */
MUST_CHECK NONNULL int keystore_write_public(struct arena *arena,
    const char *dir, const struct key_entry *entry, struct why *why_r);

/*
 * Load every key of the list that is in use, with its private half.  Returns
 * 1, or -1 with a line.
 */
MUST_CHECK NONNULL int keystore_check(struct arena *arena, const char *dir,
    const struct key_list *list, struct why *why_r);

/*
 * Take in key files that the list does not know; they sign from now on, the
 * last one found first.  Every key in use is then checked, so that a
 * weak, damaged or exposed one is refused before anything starts.
 * Returns 1 or -1 with a line.
 */
MUST_CHECK NONNULL int keystore_scan(struct arena *arena, const char *dir,
    struct key_list *list, struct why *why_r);

#endif
