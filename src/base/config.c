/* Settings: defaults, then one file, then the environment. */
#include "base/config.h"

#include "base/config_table.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/uuid.h"

#include <inttypes.h>

static const struct str env_prefix = STR_INIT("LATCHKEY_");
static const struct str env_file = STR_INIT("LATCHKEY_CONFIG");

/* "token.access_ttl_s" is LATCHKEY_TOKEN_ACCESS_TTL_S in the environment. */
static bool
is_env_name(struct str variable, const char *setting)
{
	const struct str name = str_from(setting);
	const struct str rest = str_from_offset(variable, env_prefix.len);

	if (rest.len != name.len)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		const char c =
		    name.ptr[i] == '.' ? '_' : ascii_upper(name.ptr[i]);

		if (rest.ptr[i] != c)
			return false;
	}
	return true;
}

static const char *
env_get(char *const *environment, const char *name)
{
	const struct str wanted = str_from(name);

	for (; *environment != NULL; environment++) {
		struct str value = str_from(*environment);
		struct str variable;

		if (str_cut(&value, '=', &variable) &&
		    str_equal(variable, wanted))
			return value.ptr;
	}
	return NULL;
}

static int
apply_env(struct config *config, char *const *environment, struct why *why)
{
	for (; *environment != NULL; environment++) {
		const struct setting *setting;
		struct str value = str_from(*environment);
		struct str variable;
		struct why reason;

		(void)str_cut(&value, '=', &variable);
		if (!str_starts(variable, env_prefix) ||
		    str_equal(variable, env_file))
			continue;
		for (setting = config_settings; setting->name != NULL;
		     setting++)
			if (is_env_name(variable, setting->name))
				break;
		if (setting->name == NULL)
			return why_say(why,
			    "environment: %.*s is no setting; "
			    "see latchkey.conf.example",
			    STR_ARG(variable));
		if (config_set(config, setting, value, &reason) < 0)
			return why_say(why, "environment: %.*s %s",
			    STR_ARG(variable), reason.text);
	}
	return 1;
}

static const struct setting *
find_setting(struct str name)
{
	for (const struct setting *s = config_settings; s->name != NULL; s++)
		if (str_equal(name, str_from(s->name)))
			return s;
	return NULL;
}

/* One line of the file; *why is a sentence part. */
static int
apply_line(struct config *config, struct str line, bool *seen, struct why *why)
{
	const struct setting *setting;
	struct str name;
	struct why reason;

	line = str_trim(line);
	if (line.len == 0 || line.ptr[0] == '#')
		return 1;
	if (!str_cut(&line, '=', &name))
		return why_say(why, "has no '='; write: name = value");
	name = str_trim(name);
	setting = find_setting(name);
	if (setting == NULL)
		return why_say(why,
		    "unknown setting '%.*s'; see latchkey.conf.example",
		    name.len > LIMIT_NAME ? LIMIT_NAME : (int)name.len,
		    name.ptr);
	if (seen[setting - config_settings])
		return why_say(why, "'%s' is set twice", setting->name);
	seen[setting - config_settings] = true;
	if (config_set(config, setting, str_trim(line), &reason) < 0)
		return why_say(why, "'%s' %s", setting->name, reason.text);
	return 1;
}

static int
apply_file(struct config *config, const char *path, bool must_exist,
    struct why *why)
{
	bool seen[CONFIG_SETTINGS_MAX] = { false };
	const char *reason = "";
	struct str rest;
	struct str line;
	int number = 0;
	const int rc =
	    file_read(config->arena, path, FILE_PUBLIC, &rest, &reason);

	if (rc == 0 && !must_exist)
		return 1;
	if (rc != 1) {
		return why_say(why, "%s %s", path,
		    rc == 0 ? "does not exist" : reason);
	}
	while (rest.len > 0) {
		struct why text;

		(void)str_cut(&rest, '\n', &line);
		number++;
		if (apply_line(config, line, seen, &text) < 0)
			return why_say(why, "%s:%d: %s", path, number,
			    text.text);
	}
	return 1;
}

static int
apply_files(struct config *config, char *const *environment, struct why *why)
{
	const char *named = env_get(environment, env_file.ptr);
	char *effective;

	if (named != NULL && named[0] != '\0')
		return apply_file(config, named, true, why);
	effective =
	    file_path(config->arena, config->state_dir, "effective.conf");
	if (effective == NULL) {
		return why_say(why, "out of memory");
	}
	return apply_file(config, effective, false, why);
}

static struct config *
config_new(const char *state_dir)
{
	struct arena *arena = arena_new(LIMIT_ARENA);
	struct config *config;

	if (arena == NULL)
		return NULL;
	config = arena_alloc(arena, sizeof *config);
	if (config == NULL) {
		arena_free(&arena);
		return NULL;
	}
	config->arena = arena;
	config->state_dir = str_to_c(arena, str_from(state_dir));
	return config;
}

int
config_load(char *const *environment, struct config **config_r,
    struct why *why_r)
{
	const char *state = env_get(environment, "STATE");
	struct config *config =
	    config_new(state == NULL || state[0] == '\0' ? "var" : state);

	if (config == NULL || config->state_dir == NULL) {
		why_set(why_r, "out of memory");
		config_free(&config);
		return -1;
	}
	if (config_set_defaults(config) < 0 ||
	    apply_files(config, environment, why_r) < 0 ||
	    apply_env(config, environment, why_r) < 0 ||
	    config_derive(config, why_r) < 0) {
		config_free(&config);
		return -1;
	}
	*config_r = config;
	return 1;
}

void
config_free(struct config **config)
{
	struct arena *arena;

	if (*config == NULL)
		return;
	/* The struct itself lies in its arena. */
	arena = (*config)->arena;
	arena_free(&arena);
	*config = NULL;
}

int
config_list_next(struct str *rest, struct str *item_r)
{
	while (rest->len > 0) {
		struct str item;

		(void)str_cut(rest, ',', &item);
		item = str_trim(item);
		if (item.len > 0) {
			*item_r = item;
			return 1;
		}
	}
	return 0;
}

bool
config_list_has(const char *list, struct str item)
{
	struct str rest = str_from(list);
	struct str candidate;

	while (config_list_next(&rest, &candidate) == 1)
		if (str_equal(candidate, item))
			return true;
	return false;
}
