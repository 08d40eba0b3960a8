# Which directory may include which, read from the records of c-lines.awk.

BEGIN {
	FS = "\t"
	# The table of docs/DESIGN.md: "from to" with the modules that may be
	# used, * for all of them.
	allow["wrap base"] = allow["model base"] = allow["auth base"] = "*"
	allow["web base"] = allow["ctl base"] = allow["cgi-bin base"] = "*"
	allow["model wrap"] = "*"
	allow["auth wrap"] = " jws pwhash "
	allow["web wrap"] = " json fcgi "
	allow["ctl wrap"] = " json "
	allow["auth model"] = allow["ctl model"] = "*"
	allow["ctl auth"] = allow["cgi-bin auth"] = allow["cgi-bin web"] = "*"

	# Foreign headers, as patterns, and the one file that may include each.
	owner_add("^json-c/", "^src/wrap/json[.]c$", "src/wrap/json.c")
	owner_add("^(jwt[.]h|jwt-|jansson)", "^src/wrap/jwtcheck[.]c$",
	    "src/wrap/jwtcheck.c")
	owner_add("^(mysql|mariadb|errmsg[.]h|mysqld_error[.]h)",
	    "^src/wrap/db[.]c$", "src/wrap/db.c")
	owner_add("^openssl/", "^src/wrap/(jws|jws_[a-z0-9_]+|digest)[.]c$",
	    "src/wrap/jws*.c or src/wrap/digest.c")
	owner_add("^(sodium|sodium/.*)[.]h$",
	    "^src/wrap/pwhash(_[a-z0-9_]+)?[.]c$", "src/wrap/pwhash*.c")
	owner_add("^(fcgi|fcgiapp|fcgi_stdio|fcgi_config|fcgios|fastcgi)",
	    "^src/wrap/fcgi[.]c$", "src/wrap/fcgi.c")

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

function owner_add(header, file, name) {
	owner_n++
	owner_header[owner_n] = header
	owner_file[owner_n] = file
	owner_name[owner_n] = name
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
		if (from != "wrap" || module_of($1) == module_of(header))
			return 1
		return module_of(header) == "json" && \
		    module_of($1) ~ /^(jws|db)$/
	}
	if (from == "web" && to == "auth")
		return $1 ~ /^src\/web\/guard[.][ch]$/
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
		report($1, $2, "\"" header "\" hides its layer", \
		    "name the header from src/, as in \"base/str.h\"")
		return
	}
	to = header
	sub(/\/.*/, "", to)
	if (!may_reach(from, to, header))
		report($1, $2, (from == "" ? "src" : from) \
		    " may not include \"" header "\"", \
		    "move the code to the layer that may; " from \
		    " reaches " arrows_out_of(from) may_add(from))
}

function may_add(from) {
	if (from == "wrap")
		return ", and jws and db reach wrap/json.h"
	if (from == "web")
		return ", and guard.c and guard.h reach auth"
	return ""
}

function check_system(header,    i) {
	for (i = 1; i <= owner_n; i++) {
		if (header !~ owner_header[i])
			continue
		if ($1 !~ owner_file[i])
			report($1, $2, "foreign header <" header ">", \
			    "only " owner_name[i] " may include it; call the" \
			    " functions of src/wrap")
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
