/*
 * What administrators do to accounts, over HTTP and from the command line.
 * Everything is one transaction with its audit note.  What takes rights away
 * kills the user's access tokens, on this host before the function returns.
 * Whoever acts as an administrator must be one inside the transaction as well:
 * API_FORBIDDEN, which the functions below return beside what they name.  Who
 * changes his own account must be active: API_INVALID_TOKEN.
 * The last active administrator stays one, whoever asks, and also when two
 * are asked to remove each other at the same instant.
 */
#ifndef LATCHKEY_AUTH_PEOPLE_H
#define LATCHKEY_AUTH_PEOPLE_H

#include "auth/app.h"
#include "auth/page.h"
#include "auth/token.h"
#include "base/attrs.h"
#include "base/opt.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/uuid.h"
#include "model/user.h"

/* Whose account, and by whose hand. */
struct people_order {
	/* NULL for the command line. */
	const struct uuid *actor_id;
	struct uuid user_id;
	/* His own account, which takes no administrator. */
	bool is_own;
	/* Of somebody who acts on himself; NULL for others. */
	const struct uuid *session_id;
};

enum people_action {
	/* All sessions end, and no login succeeds. */
	PEOPLE_DISABLE,
	PEOPLE_ENABLE,
	/* The person's data goes; audit rows keep the id. */
	PEOPLE_DELETE,
	/* All sessions end; logins succeed as before. */
	PEOPLE_END_SESSIONS,
};

/*
 * The user with this address, user name or id.
 * Returns API_OK, API_NOT_FOUND or API_UNAVAILABLE.
 */
MUST_CHECK NONNULL enum api_error
people_find(struct context *context, struct str who, struct user *user_r);

/* By id alone, in its canonical form.  Returns as people_find. */
MUST_CHECK NONNULL enum api_error
people_read(struct context *context, struct str id, struct user *user_r);

/*
 * Disabling somebody disabled, or enabling somebody active, changes nothing
 * and is no error.  Returns API_OK, API_NOT_FOUND, API_LAST_ADMIN or
 * API_UNAVAILABLE.
 */
MUST_CHECK NONNULL enum api_error people_act(struct context *context,
    const struct people_order *order, enum people_action action);

/*
 * Give a user these roles and no others.  Access tokens die where that is a
 * change; sessions go on, and a refresh brings the new roles.
 * Returns API_OK with the user as he is now, API_NOT_FOUND, API_LAST_ADMIN,
 * API_VALIDATION_FAILED with "role_unknown" (context->issues), or
 * API_UNAVAILABLE.
 */
MUST_CHECK NONNULL enum api_error
people_set_roles(struct context *context, const struct people_order *order,
    const struct texts *roles, struct user *user_r);

/* What to change of an account; what is not given stays. */
struct people_change {
	struct change_text username;
	struct change_text first_name;
	struct change_text last_name;
	struct change_text phone_number;
	struct change_int age;
	/* "active", "disabled", or absent. */
	struct str status;
};

/* Whether it is one of the two words. */
MUST_CHECK bool people_is_status(struct str word);

/*
 * Returns API_OK with the user as he is now, API_NOT_FOUND, API_USER_EXISTS
 * where the user name is taken, API_LAST_ADMIN or API_UNAVAILABLE.
 */
MUST_CHECK NONNULL enum api_error
people_change(struct context *context, const struct people_order *order,
    const struct people_change *change, struct user *user_r);

/*
 * Set a password by the rules for a new one, and end all sessions.  For the
 * command line: over HTTP nobody sets another's password.  Needs hashing.
 * Returns API_OK, API_NOT_FOUND, API_VALIDATION_FAILED (context->issues),
 * API_OVERLOADED or API_UNAVAILABLE.
 */
MUST_CHECK NONNULL enum api_error people_set_password(struct context *context,
    const struct people_order *order, struct secret password);

/*
 * Delete one's own account, with the password once more.  Needs hashing.
 * Returns API_OK, API_INVALID_CREDENTIALS where the password is wrong,
 * API_LAST_ADMIN, API_INVALID_TOKEN where the account has changed meanwhile,
 * API_OVERLOADED or API_UNAVAILABLE.
 */
MUST_CHECK NONNULL enum api_error people_leave(struct context *context,
    const struct identity *identity, struct secret password);

/* Which users; what is absent is not asked for. */
struct people_query {
	/* Any case; found in e-mail, user name and full name. */
	struct str search;
	/* A role's name in any case. */
	struct str role;
	struct str status;
	struct page_wish page;
};

struct people_page {
	struct user *users;
	size_t count;
	/* Absent at the end of the list. */
	struct str next_cursor;
};

/*
 * A page of users, the newest first.  With a search come first, by the
 * matching words, those with a word that begins with the text, then those
 * that have it inside a word.  To bound the work, a page may be short, or
 * even empty, and the list go on: only an absent next_cursor is its end.
 * Returns API_OK with the page in the arena, API_VALIDATION_FAILED where the
 * cursor is none of this list (context->issues), or API_UNAVAILABLE.
 */
MUST_CHECK NONNULL enum api_error people_list(struct context *context,
    const struct people_query *query, struct people_page *page_r);

#endif
