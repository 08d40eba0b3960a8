/* latchkeyctl config show|check|example. */
#include "auth/hashgate.h"
#include "auth/keystore.h"
#include "ctl/ctl.h"

enum { LENGTH_ADVISED = 15 };

static int
show(struct ctl *ctl)
{
	struct buf buf = BUF_IN(ctl->arena);

	config_write(ctl->config, &buf);
	return ctl_print(&buf);
}

static int
example(struct ctl *ctl)
{
	struct buf buf = BUF_IN(ctl->arena);

	config_write_example(&buf);
	return ctl_print(&buf);
}

/* Keys need not exist yet; those that do must be fit for use. */
static int
check_keys(struct ctl *ctl, struct why *why)
{
	const char *dir = ctl->config->path_keys;
	struct key_list list = { .count = 0 };
	const int rc = keystore_check_dir(dir, why);

	if (rc != 1)
		return rc;
	if (keystore_read(ctl->arena, dir, &list, why) < 0)
		return -1;
	return keystore_check(ctl->arena, dir, &list, why);
}

static int
check(struct ctl *ctl)
{
	const struct config *config = ctl->config;
	struct why why;

	if (hashgate_check_config(config, &why) < 0 ||
	    check_keys(ctl, &why) < 0)
		return ctl_fail("%s", why.text);
	if (config->password_min_length < LENGTH_ADVISED)
		puts(
		    "note: password.min_length is below 15, which is "
		    "recommended where there is no second factor");
	if (config_list_has(config->registration_roles, STR("ADMIN")))
		puts(
		    "note: registration.roles names ADMIN: whoever registers "
		    "can be an administrator");
	if (strcmp(config->db_tls, "on") == 0)
		puts(
		    "note: db.tls = on does not check the server's "
		    "certificate; verify does");
	puts("ok");
	return CTL_OK;
}

const struct ctl_command ctl_config_commands[] = {
	{ "config", "show", NULL, "Print the settings in force", NULL, false,
	    show },
	{ "config", "check", NULL, "Check settings and key files", NULL, false,
	    check },
	{ "config", "example", NULL, "Print latchkey.conf.example", NULL, false,
	    example },
	{ .noun = NULL },
};
