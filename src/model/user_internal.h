/* What the lists of users share (user_list.h). */
#ifndef LATCHKEY_MODEL_USER_INTERNAL_H
#define LATCHKEY_MODEL_USER_INTERNAL_H

#include "model/user_list.h"

/* The index of the list leads, whatever the optimizer thinks of the others. */
#define SELECT_USERS "SELECT STRAIGHT_JOIN " USER_SELECT

/*
 * Scalar subqueries: by EXISTS the optimizer may read a whole role, or all
 * terms, to answer for a few rows.
 */
#define HAS_STATUS " AND u.status = COALESCE(?, u.status)"
#define HAS_ROLE \
	" AND (? IS NULL OR (SELECT COUNT(*) FROM user_role g" \
	" WHERE g.user_id = u.id AND g.role_name = ?) = 1)"
#define HAS_TEXT \
	" AND (? = '' OR LOCATE(?, (SELECT x.text FROM user_search x" \
	" WHERE x.user_id = u.id)) > 0)"
#define LACKS_TERM(bound) \
	" AND (SELECT 1 FROM user_term e WHERE e.user_id = u.id" \
	" AND e.term >= ? AND e.term < " bound " LIMIT 1) IS NULL"

#define IN_STATUS(f) DB_OPT_INT((f)->status)
#define IN_ROLE(f) DB_TEXT((f)->role), DB_TEXT((f)->role)
/* An absent one is empty, not NULL. */
#define IN_ONE_TEXT(f) DB_BYTES((f)->text.ptr, (f)->text.len)
#define IN_TEXT(f) IN_ONE_TEXT(f), IN_ONE_TEXT(f)

#endif
