/* What concerns several settings at once, and what follows from them. */
#include "base/config_table.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/name.h"
#include "base/path.h"

#include <arpa/inet.h>

enum { IPV4_BITS = 32, IPV6_BITS = 128 };

static int
refuse(struct why *why_r, const char *setting, const char *reason)
{
	return why_say(why_r, "'%s' %s", setting, reason);
}

/* host[:port] */
static bool
is_host(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!ascii_is_alnum(text.ptr[i]) &&
		    !str_has_byte(STR(".-:[]"), text.ptr[i]))
			return false;
	return text.len > 0;
}

/* scheme://host[:port], as in an Origin header: no path, no user. */
static bool
is_origin(struct str text)
{
	struct str rest;

	if (str_starts(text, STR("http://")))
		rest = str_from_offset(text, STR("http://").len);
	else if (str_starts(text, STR("https://")))
		rest = str_from_offset(text, STR("https://").len);
	else
		return false;
	return is_host(rest);
}

/* Where people log in: a path of this site, or an https address. */
static bool
is_login_url(struct str text)
{
	struct str host;

	if (!str_starts(text, STR("https://")))
		return text.len == 0 || path_is_own(text);
	text = str_from_offset(text, STR("https://").len);
	if (!str_cut(&text, '/', &host))
		return is_host(host);
	return is_host(host) && path_has_plain_bytes(text);
}

static int
check_texts(const struct config *config, struct why *why_r)
{
	struct str rest = str_from(config->cors_origins);
	struct str item;

	if (!is_origin(str_from(config->http_public_url)))
		return refuse(why_r, "http.public_url",
		    "must look like https://example.org, without a path");
	while (config_list_next(&rest, &item) == 1)
		if (!is_origin(item))
			return refuse(why_r, "cors.origins",
			    "must list origins like https://example.org");
	if (!is_login_url(str_from(config->gate_login_url)))
		return refuse(why_r, "gate.login_url",
		    "must be a path like /login.html or an https:// address");
	if (config->token_audience[0] == '\0')
		return refuse(why_r, "token.audience", "must not be empty");
	if (config->token_client_id[0] == '\0')
		return refuse(why_r, "token.client_id", "must not be empty");
	return 1;
}

/* An address of IPv4 or IPv6, alone or as a network with its prefix length. */
static bool
is_network(struct arena *arena, struct str item)
{
	unsigned char bytes[sizeof(struct in6_addr)];
	const bool is_v6 = str_has_byte(item, ':');
	struct str address;
	int64_t bits = 1;
	const char *text;

	if (str_cut(&item, '/', &address) && str_to_int64(item, &bits) != 1)
		return false;
	text = str_to_c(arena, address);
	return text != NULL &&
	    inet_pton(is_v6 ? AF_INET6 : AF_INET, text, bytes) == 1 &&
	    bits >= 1 && bits <= (is_v6 ? IPV6_BITS : IPV4_BITS);
}

static int
check_proxies(const struct config *config, struct why *why_r)
{
	struct str rest = str_from(config->http_trusted_proxies);
	struct str item;

	while (config_list_next(&rest, &item) == 1)
		if (!is_network(config->arena, item))
			return refuse(why_r, "http.trusted_proxies",
			    "must list addresses like 10.1.2.3 or networks "
			    "like 10.0.0.0/8");
	return 1;
}

static int
check_roles(const struct config *config, struct why *why_r)
{
	struct str rest = str_from(config->registration_roles);
	struct str item;
	int count = 0;

	while (config_list_next(&rest, &item) == 1) {
		if (!name_is_role(item))
			return refuse(why_r, "registration.roles",
			    "must list role names of A-Z, 0-9, _ and -");
		count++;
	}
	if (count == 0)
		return refuse(why_r, "registration.roles",
		    "must name at least one role");
	return 1;
}

static int
check_database(const struct config *config, struct why *why_r)
{
	if (config->db_socket[0] != '\0' && config->db_host[0] != '\0')
		return refuse(why_r, "db.socket",
		    "and 'db.host' exclude each other; set one of them");
	if (strcmp(config->db_tls, "off") != 0 && config->db_host[0] == '\0')
		return refuse(why_r, "db.tls", "needs 'db.host'");
	if (strcmp(config->db_tls, "verify") == 0 &&
	    config->db_tls_ca[0] == '\0')
		return refuse(why_r, "db.tls", "= verify needs 'db.tls_ca'");
	return 1;
}

/* The setting itself, or name below the state directory. */
static const char *
or_in_state(const struct config *config, const char *set, const char *name)
{
	if (set[0] != '\0')
		return set;
	return file_path(config->arena, config->state_dir, name);
}

static void
derive_database(struct config *config)
{
	const bool is_private =
	    config->db_socket[0] == '\0' && config->db_host[0] == '\0';
	const char *admin = config->db_admin_user;

	config->is_db_private = is_private;
	config->path_db_socket = config->db_socket;
	config->path_db_password = config->db_password_file;
	config->path_db_admin_password = config->db_admin_password_file;
	config->db_admin_name = admin;
	if (is_private) {
		config->path_db_socket =
		    or_in_state(config, "", "run/mariadb.sock");
		config->path_db_password = or_in_state(config,
		    config->db_password_file, "db-password");
		config->path_db_admin_password = or_in_state(config,
		    config->db_admin_password_file, "db-admin-password");
		if (admin[0] == '\0')
			config->db_admin_name = "latchkey_admin";
	} else if (admin[0] == '\0') {
		config->db_admin_name = config->db_user;
		config->path_db_admin_password = config->db_password_file;
	}
}

int
config_derive(struct config *config, struct why *why_r)
{
	if (check_texts(config, why_r) < 0 ||
	    check_proxies(config, why_r) < 0 ||
	    check_roles(config, why_r) < 0 || check_database(config, why_r) < 0)
		return -1;
	config->issuer = config->token_issuer[0] != '\0'
	    ? config->token_issuer
	    : config->http_public_url;
	config->path_keys = or_in_state(config, config->keys_dir, "keys");
	config->path_run = or_in_state(config, config->run_dir, "run");
	derive_database(config);
	if (config->path_keys == NULL || config->path_run == NULL ||
	    config->path_db_socket == NULL ||
	    config->path_db_password == NULL ||
	    config->path_db_admin_password == NULL) {
		return why_say(why_r, "out of memory");
	}
	return 1;
}
