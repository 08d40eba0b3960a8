/* Settings: defaults, then one file, then the environment. */
#ifndef LATCHKEY_BASE_CONFIG_H
#define LATCHKEY_BASE_CONFIG_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/why.h"

/* Texts are terminated, never NULL, and live as long as the config. */
struct config {
#define SECTION(title)
#define INT(name, member, fallback, least, most, unit, help) int64_t member;
#define BOOL(name, member, fallback, help) bool member;
#define TEXT(name, member, fallback, help) const char *member;
#define CHOICE(name, member, fallback, choices, help) const char *member;
#include "config.def"
#undef SECTION
#undef INT
#undef BOOL
#undef TEXT
#undef CHOICE
	/* What follows from the settings and STATE; see config_load. */
	const char *state_dir;
	const char *issuer;
	const char *path_keys;
	const char *path_run;
	const char *path_db_socket;
	const char *path_db_password;
	const char *db_admin_name;
	const char *path_db_admin_password;
	/* No server was named: the one under STATE is meant. */
	bool is_db_private;
	struct arena *arena;
};

/*
 * Read everything: the defaults, the file named by LATCHKEY_CONFIG, else
 * STATE/effective.conf if it exists, then every LATCHKEY_ variable.
 * environment: as in environ(7), NULL at the end.
 * Returns 1, or -1 with one line for people in *why_r.  The caller frees
 * *config_r by config_free.
 */
MUST_CHECK NONNULL int config_load(char *const *environment,
    struct config **config_r, struct why *why_r);
void config_free(struct config **config);

/* All settings in the form of latchkey.conf. */
NONNULL void config_write(const struct config *config, struct buf *buf);
/*
 * The names of the settings that `after` has another value for than `before`,
 * or alone, separated by ", ".  Both as config_write wrote them.
 */
NONNULL void
config_changes(struct str before, struct str after, struct buf *names);
/* The defaults with their explanations, each commented out. */
NONNULL void config_write_example(struct buf *buf);

/* Whether a comma-separated setting names item, byte for byte. */
MUST_CHECK NONNULL bool config_list_has(const char *list, struct str item);
/* Take the next non-empty item, trimmed, off *rest.  Returns 1 or 0. */
MUST_CHECK NONNULL int config_list_next(struct str *rest, struct str *item_r);

#endif
