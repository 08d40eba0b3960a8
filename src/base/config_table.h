/* The table of settings and its parser: private to config*.c. */
#ifndef LATCHKEY_BASE_CONFIG_TABLE_H
#define LATCHKEY_BASE_CONFIG_TABLE_H

#include "base/config.h"

enum { CONFIG_SETTINGS_MAX = 96 };

enum setting_type {
	SETTING_INT,
	SETTING_BOOL,
	SETTING_TEXT,
	SETTING_CHOICE,
};

struct setting {
	/* NULL ends the table. */
	const char *name;
	enum setting_type type;
	size_t offset;
	const char *fallback;
	int64_t least;
	int64_t most;
	/* The unit of a number, the choices of a choice. */
	const char *unit;
	const char *help;
};

extern const struct setting config_settings[];

/*
 * Parse text into the setting's member.  Returns 1, or -1 with a sentence
 * part in *why_r.
 */
MUST_CHECK NONNULL int config_set(struct config *config,
    const struct setting *setting, struct str text, struct why *why_r);

/* Returns 1, or -1 without memory. */
MUST_CHECK NONNULL int config_set_defaults(struct config *config);

/*
 * Check what concerns several settings and fill in what follows from them.
 * Returns 1, or -1 with a line in *why_r.
 */
MUST_CHECK NONNULL int config_derive(struct config *config, struct why *why_r);

#endif
