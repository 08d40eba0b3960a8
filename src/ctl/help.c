/* latchkeyctl --help on every level. */
#include "ctl/ctl.h"

static const struct ctl_option json_option = {
	"--json",
	NULL,
	"Print JSON for scripts",
};

static void
print_usage(const struct ctl_command *c)
{
	printf("  %s%s%s%s%s%s\n      %s\n", c->noun,
	    c->verb == NULL ? "" : " ", c->verb == NULL ? "" : c->verb,
	    c->operand == NULL ? "" : " ", c->operand == NULL ? "" : c->operand,
	    c->options != NULL || c->has_json ? " [OPTION]..." : "", c->help);
}

static void
print_option(const struct ctl_option *option)
{
	printf("  %s%s%s\n      %s\n", option->name,
	    option->value == NULL ? "" : " ",
	    option->value == NULL ? "" : option->value, option->help);
}

static void
print_options(const struct ctl_command *command)
{
	const struct ctl_option *option = command->options;

	if (option == NULL && !command->has_json)
		return;
	puts("\nOptions:");
	for (; option != NULL && option->name != NULL; option++)
		print_option(option);
	if (command->has_json)
		print_option(&json_option);
}

static bool
is_asked_for(const struct ctl_command *command, const char *noun,
    const char *verb)
{
	if (noun != NULL && strcmp(noun, command->noun) != 0)
		return false;
	return verb == NULL ||
	    (command->verb != NULL && strcmp(verb, command->verb) == 0);
}

int
ctl_help(const char *noun, const char *verb)
{
	const struct ctl_command *found = NULL;
	size_t count = 0;

	puts("usage: latchkeyctl COMMAND [OPTION]...");
	if (noun == NULL)
		puts(
		    "\n"
		    "Works on the installation in the directory STATE\n"
		    "(environment, default var), with the settings in force\n"
		    "there.  COMMAND --help lists a command's options.");
	puts("");
	for (size_t i = 0; ctl_nouns[i] != NULL; i++)
		for (const struct ctl_command *c = ctl_nouns[i];
		     c->noun != NULL; c++) {
			if (!is_asked_for(c, noun, verb))
				continue;
			print_usage(c);
			found = c;
			count++;
		}
	if (found == NULL)
		return ctl_misuse("no such command: %s",
		    noun == NULL ? "" : noun);
	if (count == 1)
		print_options(found);
	return CTL_OK;
}
