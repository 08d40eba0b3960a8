/* What the names of things may look like, in one place. */
#include "base/name.h"

#include "base/limits.h"

enum { KEY_ID_MAX = 64, USERNAME_MIN = 2, PHONE_DIGITS_MIN = 3 };

static bool
consists_of(struct str name, struct str extra)
{
	for (size_t i = 0; i < name.len; i++)
		if (!ascii_is_alnum(name.ptr[i]) &&
		    !str_has_byte(extra, name.ptr[i]))
			return false;
	return true;
}

bool
name_is_role(struct str name)
{
	if (name.len == 0 || name.len > LIMIT_ROLE_NAME ||
	    !ascii_is_alpha(name.ptr[0]) || !consists_of(name, STR("_-")))
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (name.ptr[i] != ascii_upper(name.ptr[i]))
			return false;
	return true;
}

bool
name_is_key_id(struct str name)
{
	return name.len > 0 && name.len <= KEY_ID_MAX &&
	    consists_of(name, STR("._-"));
}

/* RFC 5322, 3.2.3: atoms of these bytes, joined by single dots. */
static bool
is_dot_atom(struct str local)
{
	struct str atom;
	bool has_more = true;

	if (local.len == 0 || local.len > LIMIT_EMAIL_LOCAL)
		return false;
	while (has_more) {
		has_more = str_cut(&local, '.', &atom);
		if (atom.len == 0 ||
		    !consists_of(atom, STR("!#$%&'*+-/=?^_`{|}~")))
			return false;
	}
	return true;
}

static bool
is_label(struct str label)
{
	return label.len > 0 && label.len <= LIMIT_DOMAIN_LABEL &&
	    label.ptr[0] != '-' && label.ptr[label.len - 1] != '-' &&
	    consists_of(label, STR("-"));
}

/* RFC 1123, 2.1; the last label is no number, so that 1.2.3.4 is no name. */
static bool
is_host_name(struct str host)
{
	struct str label;
	int labels = 0;
	bool has_more = true;
	bool has_letter = false;

	while (has_more) {
		has_more = str_cut(&host, '.', &label);
		if (!is_label(label))
			return false;
		has_letter = false;
		for (size_t i = 0; i < label.len; i++)
			has_letter =
			    has_letter || !ascii_is_digit(label.ptr[i]);
		labels++;
	}
	return labels >= 2 && has_letter;
}

bool
name_is_email(struct str name)
{
	struct str local;

	if (name.len > LIMIT_EMAIL || !str_cut(&name, '@', &local))
		return false;
	return is_dot_atom(local) && is_host_name(name);
}

bool
name_is_username(struct str name)
{
	return name.len >= USERNAME_MIN && name.len <= LIMIT_USERNAME &&
	    ascii_is_alnum(name.ptr[0]) && consists_of(name, STR("._-"));
}

bool
name_is_phone(struct str name)
{
	int digits = 0;

	if (name.len > LIMIT_PHONE)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		const char c = name.ptr[i];

		if (ascii_is_digit(c))
			digits++;
		else if (!(c == '+' && i == 0) &&
		    !str_has_byte(STR(" ()./-"), c))
			return false;
	}
	return digits >= PHONE_DIGITS_MIN;
}
