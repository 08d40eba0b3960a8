/*
 * The directory of keys.  The files hold the keys; keys.list says what each
 * is for, one a line: kind, id, algorithm, state, since (Unix seconds).
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

enum { KEY_ID_SIZE = 65 };

struct key_entry {
	enum key_kind kind;
	char id[KEY_ID_SIZE];
	enum jws_alg alg;
	enum key_state state;
	int64_t since_s;
};

struct key_list {
	struct key_entry entries[LIMIT_KEYS];
	size_t count;
};

/* The entry of a kind that is current, or NULL. */
MUST_CHECK NONNULL const struct key_entry *
key_list_current(const struct key_list *list, enum key_kind kind);

MUST_CHECK const char *key_kind_name(enum key_kind kind);
MUST_CHECK const char *key_state_name(enum key_state state);

/*
 * Read keys.list.  Returns 1, 0 where there is none, -1 with a line for
 * people in why_r.
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
 * Take in key files that the list does not know: the first of its kind
 * becomes current, others next.  Every key in use is then checked, so that a
 * weak, damaged or exposed one is refused before anything starts.
 * Returns 1 or -1 with a line.
 */
MUST_CHECK NONNULL int keystore_scan(struct arena *arena, const char *dir,
    struct key_list *list, struct why *why_r);

#endif
