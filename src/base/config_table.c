/* The table of settings: parsing, defaults and text form. */
#include "base/config_table.h"

#include "base/limits.h"

#include <inttypes.h>

enum { TEXT_MAX = 1024 };

const struct setting config_settings[] = {
#define OFFSET(member) offsetof(struct config, member)
#define SECTION(title)
#define INT(name, member, fallback, least, most, unit, help) \
	{ name, SETTING_INT, OFFSET(member), fallback, least, most, unit, \
		help },
#define BOOL(name, member, fallback, help) \
	{ name, SETTING_BOOL, OFFSET(member), fallback, 0, 1, "yes|no", help },
#define TEXT(name, member, fallback, help) \
	{ name, SETTING_TEXT, OFFSET(member), fallback, 0, TEXT_MAX, "", help },
#define CHOICE(name, member, fallback, choices, help) \
	{ name, SETTING_CHOICE, OFFSET(member), fallback, 0, 0, choices, help },
#include "config.def"
#undef SECTION
#undef INT
#undef BOOL
#undef TEXT
#undef CHOICE
	{ NULL, SETTING_TEXT, 0, NULL, 0, 0, NULL, NULL },
};

_Static_assert(ARRAY_LEN(config_settings) <= CONFIG_SETTINGS_MAX,
    "the table of settings has outgrown CONFIG_SETTINGS_MAX");

/* The same rows with their sections, for the example file. */
static const struct {
	const char *section;
	const char *name;
} layout[] = {
#define SECTION(title) { title, NULL },
#define INT(name, member, fallback, least, most, unit, help) { NULL, name },
#define BOOL(name, member, fallback, help) { NULL, name },
#define TEXT(name, member, fallback, help) { NULL, name },
#define CHOICE(name, member, fallback, choices, help) { NULL, name },
#include "config.def"
#undef SECTION
#undef INT
#undef BOOL
#undef TEXT
#undef CHOICE
};

static void *
member_of(struct config *config, const struct setting *setting)
{
	return (char *)config + setting->offset;
}

static int
set_int(struct config *config, const struct setting *setting, struct str text,
    struct why *why_r)
{
	int64_t value;

	if (str_to_int64(text, &value) != 1 || value < setting->least ||
	    value > setting->most) {
		return why_say(why_r,
		    "must be a whole number from %" PRId64 " to %" PRId64
		    " (%s)",
		    setting->least, setting->most, setting->unit);
	}
	*(int64_t *)member_of(config, setting) = value;
	return 1;
}

static int
set_bool(struct config *config, const struct setting *setting, struct str text,
    struct why *why_r)
{
	const bool is_yes = str_equal(text, STR("yes"));

	if (!is_yes && !str_equal(text, STR("no"))) {
		return why_say(why_r, "must be yes or no");
	}
	*(bool *)member_of(config, setting) = is_yes;
	return 1;
}

/* Control characters would reach headers, paths and the log. */
static bool
is_printable(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7f)
			return false;
	return true;
}

static int
set_text(struct config *config, const struct setting *setting, struct str text,
    struct why *why_r)
{
	char *copy;

	if (text.len > TEXT_MAX || !is_printable(text)) {
		return why_say(why_r,
		    "must be at most %d bytes without control characters",
		    TEXT_MAX);
	}
	copy = str_to_c(config->arena, text);
	if (copy == NULL) {
		return why_say(why_r, "does not fit into memory");
	}
	*(const char **)member_of(config, setting) = copy;
	return 1;
}

static int
set_choice(struct config *config, const struct setting *setting,
    struct str text, struct why *why_r)
{
	struct str rest = str_from(setting->unit);
	struct str choice;

	while (rest.len > 0) {
		(void)str_cut(&rest, '|', &choice);
		if (str_equal(choice, text))
			return set_text(config, setting, text, why_r);
	}
	return why_say(why_r, "must be one of %s", setting->unit);
}

int
config_set(struct config *config, const struct setting *setting,
    struct str text, struct why *why_r)
{
	switch (setting->type) {
	case SETTING_INT:
		return set_int(config, setting, text, why_r);
	case SETTING_BOOL:
		return set_bool(config, setting, text, why_r);
	case SETTING_TEXT:
		return set_text(config, setting, text, why_r);
	case SETTING_CHOICE:
		return set_choice(config, setting, text, why_r);
	}
	return -1;
}

int
config_set_defaults(struct config *config)
{
	struct why why;

	for (const struct setting *s = config_settings; s->name != NULL; s++)
		if (config_set(config, s, str_from(s->fallback), &why) < 0)
			return -1;
	return 1;
}

void
config_write(const struct config *config, struct buf *buf)
{
	for (const struct setting *s = config_settings; s->name != NULL; s++) {
		const char *member = (const char *)config + s->offset;

		buf_printf(buf, "%s = ", s->name);
		switch (s->type) {
		case SETTING_INT:
			buf_add_int(buf,
			    *(const int64_t *)(const void *)member);
			break;
		case SETTING_BOOL:
			buf_add_c(buf, *(const bool *)member ? "yes" : "no");
			break;
		case SETTING_TEXT:
		case SETTING_CHOICE:
			buf_add_c(buf,
			    *(const char *const *)(const void *)member);
			break;
		}
		buf_add_byte(buf, '\n');
	}
}

static void
write_bounds(struct buf *buf, const struct setting *s)
{
	switch (s->type) {
	case SETTING_INT:
		buf_printf(buf, "# %" PRId64 " to %" PRId64 " %s\n", s->least,
		    s->most, s->unit);
		break;
	case SETTING_BOOL:
	case SETTING_CHOICE:
		buf_printf(buf, "# %s\n", s->unit);
		break;
	case SETTING_TEXT:
		break;
	}
}

void
config_write_example(struct buf *buf)
{
	const struct setting *setting = config_settings;

	buf_add_c(buf,
	    "# Settings of Latchkey, with their defaults.  Copy this file to\n"
	    "# latchkey.conf and uncomment what you change.  Each can also be\n"
	    "# given in the environment: token.alg as LATCHKEY_TOKEN_ALG.\n");
	for (size_t i = 0; i < ARRAY_LEN(layout); i++) {
		if (layout[i].section != NULL) {
			buf_printf(buf, "\n## %s\n", layout[i].section);
			continue;
		}
		buf_printf(buf, "\n# %s\n", setting->help);
		write_bounds(buf, setting);
		buf_printf(buf, "#%s = %s\n", setting->name, setting->fallback);
		setting++;
	}
}
