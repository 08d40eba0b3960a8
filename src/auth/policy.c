/* What a new account may look like. */
#include "auth/policy.h"

#include "base/limits.h"
#include "base/utf8.h"

#include "common_passwords.h"

struct str
policy_canonical(struct arena *arena, struct str name)
{
	return name.ptr == NULL ? STR_NONE : str_lower(arena, name);
}

/* Bytewise with a shorter prefix first, as the list is sorted. */
static int
compare_lowered(struct str password, struct str word)
{
	for (size_t i = 0; i < password.len && i < word.len; i++) {
		const unsigned char a =
		    (unsigned char)ascii_lower(password.ptr[i]);
		const unsigned char b = (unsigned char)word.ptr[i];

		if (a != b)
			return a < b ? -1 : 1;
	}
	if (password.len == word.len)
		return 0;
	return password.len < word.len ? -1 : 1;
}

/* The list is one text of sorted lines; halve it at line starts. */
static bool
is_common(struct str password)
{
	struct str rest = { common_passwords + 1, sizeof common_passwords - 2 };

	while (rest.len > 0) {
		size_t at = rest.len / 2;
		struct str after;
		struct str word;
		int order;

		while (at > 0 && rest.ptr[at - 1] != '\n')
			at--;
		after = str_from_offset(rest, at);
		(void)str_cut(&after, '\n', &word);
		order = compare_lowered(password, word);
		if (order == 0)
			return true;
		if (order > 0)
			rest = after;
		else
			rest.len = at;
	}
	return false;
}

bool
policy_accepts_password(const struct config *config,
    const struct policy_password *wish, struct issues *issues)
{
	const struct str text = { (const char *)wish->password.ptr,
		wish->password.len };
	const size_t before = issues->count;

	if (utf8_count(text) < config->password_min_length)
		issues_add(issues, wish->field, "password_too_short",
		    "The password is too short; a few words make a good one");
	else if (text.len > LIMIT_PASSWORD)
		issues_add(issues, wish->field, "password_too_long",
		    "The password has more than 1024 bytes");
	else if (is_common(text))
		issues_add(issues, wish->field, "password_too_common",
		    "This password is among the most common ones, which are "
		    "tried first; choose another");
	else if (str_equal_nocase(text, wish->email) ||
	    (wish->username.ptr != NULL &&
	        str_equal_nocase(text, wish->username)))
		issues_add(issues, wish->field, "password_is_name",
		    "The password must not be the e-mail or user name");
	if (wish->confirmation.ptr != NULL &&
	    !secret_equal(wish->password, wish->confirmation))
		issues_add(issues, "confirmPassword", "password_mismatch",
		    "The two passwords differ");
	return issues->count == before;
}

struct str
policy_registration_role(const struct config *config, struct arena *arena,
    struct str wanted)
{
	struct str rest = str_from(config->registration_roles);
	struct str role = STR_NONE;

	/* Without a wish it is the first of the list. */
	if (wanted.ptr == NULL)
		return config_list_next(&rest, &role) == 1 ? role : STR_NONE;
	while (config_list_next(&rest, &role) == 1)
		if (str_equal_nocase(wanted, role))
			return str_copy(arena, role);
	return STR_NONE;
}
