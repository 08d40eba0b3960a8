/* What the commands of latchkeyctl share: arguments, the app, answers. */
#include "ctl/ctl.h"

#include "base/clock.h"

#include <stdarg.h>

enum { DEADLINE_MS = 60000 };

const struct ctl_command *const ctl_nouns[] = {
	ctl_user_commands,
	ctl_role_commands,
	ctl_session_commands,
	ctl_token_commands,
	ctl_client_commands,
	ctl_audit_commands,
	ctl_key_commands,
	ctl_config_commands,
	ctl_migrate_commands,
	ctl_purge_commands,
	ctl_doctor_commands,
	ctl_completion_commands,
	NULL,
};

static PRINTF_LIKE(1, 0) void say(const char *format, va_list args)
{
	fputs("latchkeyctl: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

int
ctl_fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
	return CTL_FAILED;
}

int
ctl_misuse(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
	return CTL_USAGE;
}

static int
exit_code_of(enum api_error error)
{
	switch (api_error_status(error)) {
	case 200:
		return CTL_OK;
	case 404:
		return CTL_NOT_FOUND;
	case 409:
		return CTL_REFUSED;
	case 422:
		return CTL_USAGE;
	case 503:
		return CTL_UNAVAILABLE;
	default:
		return CTL_FAILED;
	}
}

int
ctl_answer(const struct context *context, enum api_error error,
    const char *not_found)
{
	const int code = exit_code_of(error);

	if (code == CTL_NOT_FOUND)
		(void)ctl_fail("there is no %s", not_found);
	else if (code == CTL_UNAVAILABLE)
		(void)ctl_fail("the database does not answer; does it run?");
	else if (error == API_VALIDATION_FAILED)
		(void)ctl_fail("%s: %s", context->issues->list[0].field,
		    context->issues->list[0].message);
	else if (code != CTL_OK)
		(void)ctl_fail("%s. %s", api_error_title(error),
		    api_error_detail(error));
	return code;
}

static void
take_one(struct ctl *ctl)
{
	ctl->argc--;
	ctl->argv++;
}

/* The index of an option in the command's list, or -1. */
static int
find_option(const struct ctl *ctl, const char *given)
{
	const struct ctl_option *options = ctl->command->options;

	for (int i = 0; options != NULL && options[i].name != NULL; i++)
		if (strcmp(options[i].name, given) == 0)
			return i;
	return -1;
}

/* Options have two dashes: a key's id may begin with one. */
static bool
is_operand(const struct ctl *ctl, const char *given)
{
	return ctl->command->operand != NULL &&
	    (ctl->only_operands || strncmp(given, "--", 2) != 0);
}

static int
refuse(const struct ctl *ctl, const char *given)
{
	const struct ctl_command *command = ctl->command;

	(void)ctl_misuse("%s is not known here; see latchkeyctl %s%s%s --help",
	    given, command->noun, command->verb == NULL ? "" : " ",
	    command->verb == NULL ? "" : command->verb);
	return CTL_WRONG;
}

int
ctl_next(struct ctl *ctl, const char **value_r)
{
	const char *given;
	int option;

	while (ctl->argc > 0 && ctl->command->has_json && !ctl->only_operands &&
	    strcmp(ctl->argv[0], "--json") == 0) {
		ctl->is_json = true;
		take_one(ctl);
	}
	/* What follows is no option (POSIX, 12.2, guideline 10). */
	if (ctl->argc > 0 && strcmp(ctl->argv[0], "--") == 0 &&
	    !ctl->only_operands) {
		ctl->only_operands = true;
		take_one(ctl);
	}
	if (ctl->argc == 0)
		return CTL_END;
	given = ctl->argv[0];
	option = ctl->only_operands ? -1 : find_option(ctl, given);
	if (option < 0 && !is_operand(ctl, given))
		return refuse(ctl, given);
	take_one(ctl);
	if (option < 0) {
		*value_r = given;
		return CTL_OPERAND;
	}
	if (ctl->command->options[option].value == NULL)
		return option;
	if (ctl->argc == 0) {
		(void)ctl_misuse("%s needs a value", given);
		return CTL_WRONG;
	}
	*value_r = ctl->argv[0];
	take_one(ctl);
	return option;
}

int
ctl_operand(struct ctl *ctl, const char **operand_r)
{
	const char *operand = NULL;
	const char *word = "";
	int found;

	while ((found = ctl_next(ctl, &word)) == CTL_OPERAND) {
		if (operand != NULL)
			return refuse(ctl, word);
		operand = word;
	}
	if (found != CTL_END)
		return CTL_WRONG;
	if (operand == NULL && ctl->command->operand != NULL) {
		(void)ctl_misuse("%s is missing; see latchkeyctl %s %s --help",
		    ctl->command->operand, ctl->command->noun,
		    ctl->command->verb);
		return CTL_WRONG;
	}
	if (operand != NULL)
		*operand_r = operand;
	return CTL_OK;
}

int
ctl_open(struct ctl *ctl, const struct app_need *const *needs,
    struct ctl_session *session)
{
	struct why why;

	if (app_open(ctl->config, needs, &session->app, &why) < 0)
		return ctl_fail("%s", why.text);
	session->issues = (struct issues){ .count = 0 };
	session->context = (struct context){
		.app = session->app,
		.arena = ctl->arena,
		.now = clock_read(),
		.ip = STR(""),
		.user_agent = STR("latchkeyctl"),
		.request_id = STR(""),
		.issues = &session->issues,
	};
	session->context.deadline_ms =
	    session->context.now.mono_ms + DEADLINE_MS;
	return CTL_OK;
}

void
ctl_close(struct ctl_session *session)
{
	app_close(&session->app);
}

int
ctl_print(const struct buf *buf)
{
	struct str text;

	if (buf_str(buf, &text) < 0)
		return ctl_fail("out of memory");
	if (fwrite(text.ptr, 1, text.len, stdout) != text.len ||
	    fflush(stdout) != 0)
		return ctl_fail("standard output can't be written");
	return CTL_OK;
}
