/* What the parts of latchkeyctl doctor share. */
#ifndef LATCHKEY_CTL_DOCTOR_H
#define LATCHKEY_CTL_DOCTOR_H

#include "ctl/ctl.h"

enum finding {
	FINDING_OK,
	/* It works, but somebody should look. */
	FINDING_NOTE,
	FINDING_WRONG,
};

struct doctor {
	struct ctl *ctl;
	struct ctl_session session;
	/* Where the service is reached, without a slash at the end. */
	const char *url;
	/* Paths that the gate must guard. */
	struct texts guarded;
	struct buf text;
	struct jsonw json;
	int wrong;
};

/* Tell one finding: what was looked at, and how to mend it. */
NONNULL PRINTF_LIKE(4, 5) void doctor_say(struct doctor *doctor,
    enum finding finding, const char *what, const char *format, ...);

/* Files, keys, database and clock of this host. */
NONNULL void doctor_look_inside(struct doctor *doctor);
/* The service as a client meets it. */
NONNULL void doctor_look_outside(struct doctor *doctor);

#endif
