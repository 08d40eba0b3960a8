/* latchkeyctl doctor: the service as a client meets it. */
#include "base/clock.h"
#include "base/file.h"
#include "ctl/doctor.h"
#include "ctl/fetch.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

enum { CLOCK_WRONG_S = 5 };

/* The certificate of TLS=1, which no authority knows. */
static const char *
own_authority(struct doctor *doctor)
{
	const char *state = doctor->ctl->config->state_dir;
	const char *path =
	    file_path(doctor->ctl->arena, state, "tls/certificate.pem");
	struct stat st;

	return path != NULL && stat(path, &st) == 0 ? path : NULL;
}

/* Returns 1 with an answer, or -1 (said, or told as what is wrong). */
static int
ask(struct doctor *doctor, const char *path, const char *header,
    struct fetched *fetched_r)
{
	struct buf url = BUF_IN(doctor->ctl->arena);
	struct fetch wish = {
		.header = header,
		.authority = own_authority(doctor),
	};
	struct str text;

	buf_add_c(&url, doctor->url);
	buf_add_c(&url, path);
	buf_add_byte(&url, '\0');
	if (buf_str(&url, &text) < 0)
		return -1;
	wish.url = text.ptr;
	if (fetch(doctor->ctl->arena, &wish, fetched_r) < 0) {
		doctor->wrong++;
		return -1;
	}
	return 1;
}

/* Returns 1 where it is worth going on, else -1. */
static int
look_at_health(struct doctor *doctor)
{
	struct fetched fetched;

	if (ask(doctor, "/healthz", NULL, &fetched) < 0)
		return -1;
	if (fetched.status == 0) {
		doctor_say(doctor, FINDING_WRONG, "web server",
		    "nobody answers at %s; make start, or give --url",
		    doctor->url);
		return -1;
	}
	if (fetched.status != 200 ||
	    fetched_header(&fetched, STR("X-Request-Id")).ptr == NULL) {
		doctor_say(doctor, FINDING_WRONG, "web server",
		    "%s/healthz is answered %" PRId64
		    ", and not by Latchkey; are its routes configured?",
		    doctor->url, fetched.status);
		return -1;
	}
	doctor_say(doctor, FINDING_OK, "web server", "%s answers", doctor->url);
	return 1;
}

static void
look_at_readiness(struct doctor *doctor)
{
	struct fetched fetched;

	if (ask(doctor, "/readyz", NULL, &fetched) < 0)
		return;
	if (fetched.status == 200)
		doctor_say(doctor, FINDING_OK, "endpoints",
		    "they reach the database");
	else
		doctor_say(doctor, FINDING_WRONG, "endpoints",
		    "/readyz is answered %" PRId64
		    ": they do not reach the database, or its schema is "
		    "not theirs; the log has the cause",
		    fetched.status);
}

/* RFC 9110, 5.6.7. */
static void
look_at_date(struct doctor *doctor, const struct fetched *fetched)
{
	const struct str date = fetched_header(fetched, STR("Date"));
	const char *text = str_to_c(doctor->ctl->arena, date);
	struct tm when = { .tm_year = 0 };
	int64_t apart_s;

	if (date.ptr == NULL || text == NULL ||
	    strptime(text, "%a, %d %b %Y %T GMT", &when) == NULL)
		return;
	apart_s = llabs((int64_t)timegm(&when) - clock_read().unix_s);
	if (apart_s > CLOCK_WRONG_S)
		doctor_say(doctor, FINDING_WRONG, "clock",
		    "it differs from the web server's by %" PRId64
		    " s; let both hosts ask a time server",
		    apart_s);
}

/* A token that is none is refused as one, or it was lost on the way. */
static void
look_at_authorization(struct doctor *doctor)
{
	struct fetched fetched;
	struct str challenge;

	if (ask(doctor, "/api/users/me", "Authorization: Bearer x.y.z",
	        &fetched) < 0)
		return;
	look_at_date(doctor, &fetched);
	challenge = fetched_header(&fetched, STR("WWW-Authenticate"));
	if (fetched.status != 401)
		doctor_say(doctor, FINDING_WRONG, "tokens",
		    "a token that is none is answered %" PRId64
		    " and not 401; who answers at %s/api/users/me?",
		    fetched.status, doctor->url);
	else if (!str_ends(challenge, STR("error=\"invalid_token\"")))
		doctor_say(doctor, FINDING_WRONG, "tokens",
		    "the header Authorization is lost on the way; let the "
		    "web server, and a proxy before it, pass it on (Apache: "
		    "CGIPassAuth On)");
	else
		doctor_say(doctor, FINDING_OK, "tokens",
		    "the header Authorization arrives");
}

/* The same place, spelt so that a careless rule would not see it. */
struct spelling {
	const char *before;
	const char *after;
};

static const struct spelling spellings[] = {
	{ "", "" },
	{ "/", "" },
	{ "/.", "" },
	{ "/x/..", "" },
	{ "", "?x" },
	{ "", "%20" },
};

/* NULL without memory. */
static const char *
spell(struct doctor *doctor, const struct spelling *spelling, struct str path)
{
	struct buf spelt = BUF_IN(doctor->ctl->arena);
	struct str text;

	buf_add_c(&spelt, spelling->before);
	buf_add(&spelt, path);
	buf_add_c(&spelt, spelling->after);
	buf_add_byte(&spelt, '\0');
	return buf_str(&spelt, &text) < 0 ? NULL : text.ptr;
}

static void
look_at_guarded(struct doctor *doctor, struct str path)
{
	struct fetched fetched;

	for (size_t i = 0; i < ARRAY_LEN(spellings); i++) {
		const char *spelt = spell(doctor, &spellings[i], path);

		if (spelt == NULL || ask(doctor, spelt, NULL, &fetched) < 0)
			return;
		if (fetched.status >= 200 && fetched.status < 300) {
			doctor_say(doctor, FINDING_WRONG, "gate",
			    "%s is served to somebody without a token; see "
			    "docs/GATE.md",
			    spelt);
			return;
		}
	}
	doctor_say(doctor, FINDING_OK, "gate",
	    "%.*s is not served without a token", STR_ARG(path));
}

void
doctor_look_outside(struct doctor *doctor)
{
	if (look_at_health(doctor) < 0)
		return;
	look_at_readiness(doctor);
	look_at_authorization(doctor);
	for (size_t i = 0; i < doctor->guarded.count; i++)
		look_at_guarded(doctor, doctor->guarded.list[i]);
}
