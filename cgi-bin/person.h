/* What several endpoints ask about a person, as rows of their field tables. */
#ifndef LATCHKEY_CGI_BIN_PERSON_H
#define LATCHKEY_CGI_BIN_PERSON_H

#include "base/limits.h"
#include "base/name.h"
#include "base/utf8.h"
#include "web/endpoint.h"

/* type and least of a text, its place, the longest, its form and refusal. */
#define PERSON_TEXT(json, type, at, is_required, most, ...) \
	{ \
		json, type, at, is_required, 1, most, __VA_ARGS__ \
	}
#define PERSON_NAMES(text, number, at) \
	PERSON_TEXT("username", text, at(username), false, LIMIT_USERNAME, \
	    name_is_username, "username_invalid", \
	    "Use letters, digits, dot, hyphen and underscore, at least two"), \
	    PERSON_TEXT("firstName", text, at(first_name), false, LIMIT_NAME, \
	        utf8_is_plain, "name_invalid", \
	        "This holds hidden characters"), \
	    PERSON_TEXT("lastName", text, at(last_name), false, LIMIT_NAME, \
	        utf8_is_plain, "name_invalid", \
	        "This holds hidden characters"), \
	    PERSON_TEXT("phoneNumber", text, at(phone_number), false, \
	        LIMIT_PHONE, name_is_phone, "phone_number_invalid", \
	        "Use digits, with + in front where needed"), \
	{ \
		"age", number, at(age), false, 0, LIMIT_AGE, NULL, NULL, NULL \
	}

/* at gives the place of a member of struct registration. */
#define PERSON_NEW(at) \
	PERSON_TEXT("email", FIELD_TEXT, at(email), true, LIMIT_EMAIL, \
	    name_is_email, "email_invalid", \
	    "This is no e-mail address we accept"), \
	    { "password", FIELD_SECRET, at(password), true, 0, LIMIT_BODY, \
		    NULL, NULL, NULL }, \
	    { "confirmPassword", FIELD_SECRET, at(confirm_password), false, 0, \
		    LIMIT_BODY, NULL, NULL, NULL }, \
	    PERSON_NAMES(FIELD_TEXT, FIELD_INT, at)

/* at gives the place of a member of struct people_change. */
#define PERSON_CHANGE(at) PERSON_NAMES(FIELD_CHANGE_TEXT, FIELD_CHANGE_INT, at)

#endif
