/* latchkeyctl doctor: what is wrong with a running installation. */
#include "ctl/doctor.h"

#include <stdarg.h>

enum { MESSAGE_SIZE = 512 };

static const char *const marks[] = {
	[FINDING_OK] = "ok",
	[FINDING_NOTE] = "note",
	[FINDING_WRONG] = "WRONG",
};

void
doctor_say(struct doctor *doctor, enum finding finding, const char *what,
    const char *format, ...)
{
	char message[MESSAGE_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	doctor->wrong += finding == FINDING_WRONG;
	if (!doctor->ctl->is_json) {
		printf("%-5s  %-14s %s\n", marks[finding], what, message);
		fflush(stdout);
		return;
	}
	jsonw_object(&doctor->json, NULL);
	jsonw_str(&doctor->json, "finding", str_from(marks[finding]));
	jsonw_str(&doctor->json, "about", str_from(what));
	jsonw_str(&doctor->json, "message", str_from(message));
	jsonw_object_end(&doctor->json);
}

enum { OPTION_URL, OPTION_GUARDED };

static const struct ctl_option options[] = {
	[OPTION_URL] = { "--url", "URL",
	    "Where people reach the service, http.public_url by default" },
	[OPTION_GUARDED] = { "--guarded", "PATH",
	    "A path that the gate must guard; may be given several times" },
	{ .name = NULL },
};

/* Returns 1 or -1 (said). */
static int
add_guarded(struct doctor *doctor, const char *path)
{
	struct texts *guarded = &doctor->guarded;

	if (path[0] != '/' || guarded->count == LIMIT_TEXTS) {
		(void)ctl_misuse("--guarded takes a path that begins with /");
		return -1;
	}
	guarded->list[guarded->count++] = str_from(path);
	return 1;
}

static int
read_options(struct ctl *ctl, struct doctor *doctor)
{
	const char *value = "";
	int option;

	while ((option = ctl_next(ctl, &value)) >= 0) {
		if (option == OPTION_URL)
			doctor->url = value;
		else if (add_guarded(doctor, value) < 0)
			return -1;
	}
	if (option != CTL_END)
		return -1;
	if (str_starts(str_from(doctor->url), STR("http://")) ||
	    str_starts(str_from(doctor->url), STR("https://")))
		return 1;
	(void)ctl_misuse("%s is no http:// or https:// address", doctor->url);
	return -1;
}

/* The address without slashes at its end. */
static char *
trim_url(struct ctl *ctl, const char *url)
{
	struct str text = str_from(url);

	while (str_ends(text, STR("/")))
		text.len--;
	return str_to_c(ctl->arena, text);
}

static int
examine(struct ctl *ctl, struct doctor *doctor)
{
	doctor->text = BUF_IN(ctl->arena);
	doctor->json = JSONW_INTO(&doctor->text);
	jsonw_object(&doctor->json, NULL);
	jsonw_array(&doctor->json, "findings");
	doctor_look_inside(doctor);
	doctor_look_outside(doctor);
	jsonw_array_end(&doctor->json);
	jsonw_object_end(&doctor->json);
	buf_add_byte(&doctor->text, '\n');
	if (ctl->is_json && ctl_print(&doctor->text) != CTL_OK)
		return CTL_FAILED;
	return doctor->wrong == 0 ? CTL_OK : CTL_FAILED;
}

static int
run_doctor(struct ctl *ctl)
{
	const struct app_need *const needs[] = { NULL };
	struct doctor doctor = {
		.ctl = ctl,
		.url = ctl->config->http_public_url,
	};
	int code;

	if (read_options(ctl, &doctor) < 0)
		return CTL_USAGE;
	doctor.url = trim_url(ctl, doctor.url);
	if (doctor.url == NULL)
		return ctl_fail("out of memory");
	if (ctl_open(ctl, needs, &doctor.session) != CTL_OK)
		return CTL_FAILED;
	code = examine(ctl, &doctor);
	ctl_close(&doctor.session);
	return code;
}

const struct ctl_command ctl_doctor_commands[] = {
	{ "doctor", NULL, NULL,
	    "Say what is wrong with the running installation", options, true,
	    run_doctor },
	{ .noun = NULL },
};
