/* What the command line does to keys and settings, in the audit trail. */
#ifndef LATCHKEY_CTL_NOTE_H
#define LATCHKEY_CTL_NOTE_H

#include "auth/audit.h"
#include "base/attrs.h"
#include "ctl/ctl.h"

/*
 * Write down what was done.  Where the database is away that is said on
 * standard error, and what was done stays: a key must be changed in any case.
 */
NONNULL void
note_done(struct ctl *ctl, enum audit_event event, struct str detail);

/*
 * Write down the names of the settings whose values are others than when they
 * were last noted, in STATE/noted.conf.  Returns 1, or -1 with a line.
 */
MUST_CHECK NONNULL int note_settings(struct ctl *ctl, struct db_conn *conn);

#endif
