# Which directory may include which, read from the records of c-lines.awk.

BEGIN {
	FS = "\t"
	# The table of docs/DESIGN.md: "from to" with the modules that may be
	# used, * for all of them.
	allow["wrap base"] = allow["model base"] = allow["auth base"] = "*"
	allow["web base"] = allow["ctl base"] = allow["cgi-bin base"] = "*"
	allow["model wrap"] = "*"
	allow["auth wrap"] = " db digest json jws jwtcheck pwhash "
	allow["web wrap"] = " json fcgi "
	allow["ctl wrap"] = " json "
	allow["auth model"] = allow["ctl model"] = "*"
	allow["ctl auth"] = allow["cgi-bin auth"] = allow["cgi-bin web"] = "*"

	# Inside wrap a module reaches itself and these.
	inside["jws"] = inside["db"] = " json "
	inside["jwtcheck"] = " jws "
	inside["pwhash"] = " digest "

	# Foreign headers, as patterns, and the modules of wrap that may include
	# each.  A module is NAME.c, where it is long also NAME_*.c with what
	# they share in NAME_internal.h.
	owner_add("^json-c/", "json")
	owner_add("^(jwt[.]h|jwt-|jansson)", "jwtcheck")
	owner_add("^(mysql|mariadb|errmsg[.]h|mysqld_error[.]h)", "db")
	owner_add("^openssl/", "jws digest")
	owner_add("^(sodium|sodium/.*)[.]h$", "pwhash")
	owner_add("^crypt[.]h$", "pwhash")
	owner_add("^(fcgi|fcgiapp|fcgi_stdio|fcgi_config|fcgios|fastcgi)", "fcgi")

	# Written into the build directory, and read by these alone.
	generated["schema_files.h"] = "^src/model/"
	generated["common_passwords.h"] = "^src/auth/"

	split("assert complex ctype errno fenv float inttypes iso646 limits " \
	    "locale math setjmp signal stdalign stdarg stdatomic stdbool " \
	    "stddef stdint stdio stdlib stdnoreturn string threads time " \
	    "uchar wchar wctype alloca dirent dlfcn endian byteswap err " \
	    "error fcntl fnmatch ftw getopt glob grp iconv ifaddrs langinfo " \
	    "libgen malloc mqueue netdb nl_types paths poll pthread pwd " \
	    "regex sched search semaphore spawn strings sysexits syslog " \
	    "termios ucontext ulimit unistd utime utmpx wordexp", names, " ")
	for (i in names)
		is_system[names[i] ".h"] = 1
}

function owner_add(header, modules) {
	owner_n++
	owner_header[owner_n] = header
	owner_modules[owner_n] = modules
}

# Whether the file at hand may include what the i-th owner owns.
function is_owner(i) {
	return $1 ~ /^src\/wrap\/([a-z0-9]+(_[a-z0-9_]+)?[.]c|[a-z0-9]+_internal[.]h)$/ && \
	    index(" " owner_modules[i] " ", " " module_of($1) " ") > 0
}

# src/auth/guard.c -> auth; cgi-bin/login.c -> cgi-bin; src/x.def -> "".
function room_of(path,    part, n) {
	n = split(path, part, "/")
	if (part[1] == "cgi-bin")
		return "cgi-bin"
	return n > 2 ? part[2] : ""
}

# src/wrap/jws_key.c -> jws: a module's files share the word before "_".
function module_of(path) {
	sub(/.*\//, "", path)
	sub(/[_.].*/, "", path)
	return path
}

function may_reach(from, to, header,    key) {
	if (from == "")
		return to == "base"
	if (from == to) {
		return from != "wrap" || module_of($1) == module_of(header) || \
		    index(inside[module_of($1)], " " module_of(header) " ") > 0
	}
	if (from == "web" && to == "auth")
		return $1 ~ /^src\/web\/guard(_[a-z]+)?[.][ch]$/
	key = from " " to
	return key in allow && (allow[key] == "*" || \
	    index(allow[key], " " module_of(header) " ") > 0)
}

function arrows_out_of(from,    key, pair, list) {
	for (key in allow) {
		split(key, pair, " ")
		if (pair[1] != from)
			continue
		list = list (list == "" ? "" : ", ") pair[2]
		if (allow[key] != "*")
			list = list " (only" substr(allow[key], 1, \
			    length(allow[key]) - 1) ")"
	}
	return list == "" ? "only its own files" : "only " list
}

function check_project(header,    from, to) {
	from = room_of($1)
	if (header ~ /[.][.]\//) {
		report($1, $2, "\"" header "\" climbs out of its directory", \
		    "name the header from src/, as in \"base/str.h\"")
		return
	}
	if (header !~ /\//) {
		if (header ~ /[.]def$/)
			return
		if (header in generated && $1 ~ generated[header])
			return
		report($1, $2, "\"" header "\" hides its layer", \
		    "name the header from src/, as in \"base/str.h\"")
		return
	}
	to = header
	sub(/\/.*/, "", to)
	if (header ~ /_internal[.]h$/ && (from != to || \
	    module_of($1) != module_of(header)))
		report($1, $2, "\"" header "\" belongs to another module alone", \
		    "include " to "/" module_of(header) ".h")
	if (!may_reach(from, to, header))
		report($1, $2, (from == "" ? "src" : from) \
		    " may not include \"" header "\"", \
		    "move the code to the layer that may; " from \
		    " reaches " arrows_out_of(from) may_add(from))
}

function may_add(from) {
	if (from == "wrap")
		return ", and jws and db reach wrap/json.h, pwhash wrap/digest.h"
	if (from == "web")
		return ", and guard.c and guard.h reach auth"
	return ""
}

function check_system(header,    i) {
	for (i = 1; i <= owner_n; i++) {
		if (header !~ owner_header[i])
			continue
		if (!is_owner(i))
			report($1, $2, "foreign header <" header ">", \
			    "only the .c files of src/wrap/" owner_modules[i] \
			    " may include it; call their functions")
		return
	}
	if (header in is_system || header ~ /^(sys|linux|net|netinet|arpa|asm)\//)
		return
	report($1, $2, "unknown library header <" header ">", \
	    "give the library one file in src/wrap and name both in" \
	    " tools/lib/layers.awk")
}

function check_sql(text) {
	if (text !~ /^[ \t]*(SELECT|INSERT|UPDATE|DELETE|REPLACE|CREATE|ALTER|WITH)([ \t]|\\n)/)
		return
	if ($1 ~ /^src\/model\// || $1 ~ /^schema\//)
		return
	# A connection's own settings are no table: whoever opens it checks them.
	if ($1 == "src/wrap/db.c" && text ~ /^SELECT @@/)
		return
	report($1, $2, "SQL outside the model", \
	    "move the statement to src/model")
}

{
	if ($1 != seen) {
		seen = $1
		file_n++
	}
}

$3 == "include" {
	include_n++
	header = substr($4, 2, length($4) - 2)
	sub(/^[.]\//, "", header)
	# Quotes around a library's header must not hide it, nor the reverse.
	if (substr($4, 1, 1) == "\"" || header ~ /^(base|wrap|model|auth|web|ctl)\//) {
		foreign = 0
		for (i = 1; i <= owner_n; i++)
			foreign = foreign || header ~ owner_header[i]
		if (foreign)
			check_system(header)
		else
			check_project(header)
	} else {
		check_system(header)
	}
}

$3 == "text" {
	check_sql($4)
}

$1 ~ /^cgi-bin\// && $2 > 79 && !($1 in is_long) {
	is_long[$1] = 1
	report($1, $2, "endpoint file of 80 lines or more", \
	    "an endpoint declares and calls; move the rest to src/web or src/auth")
}

END {
	report_end("layers", file_n + 0 " files, " include_n + 0 " includes")
}
