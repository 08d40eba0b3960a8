# Functions and habits the project does without, read from the records of
# c-lines.awk.  src/base/banned.h, which poisons the names, is passed over.

BEGIN {
	FS = "\t"
	ban("strcpy strcat strncpy strncat sprintf vsprintf stpcpy", \
	    "build text with struct buf")
	ban("strtok strtok_r", "walk the text with struct str")
	ban("atoi atol atoll atof strtol strtoul strtoll strtoull sscanf", \
	    "parse numbers with the strict parser of base/str.h")
	ban("gets", "read with a bound")
	ban("rand random srand srandom drand48", "draw from base/rnd.h")
	ban("gmtime localtime ctime asctime", "use the _r form")
	ban("alloca", "allocate from the arena")
	ban("crypt crypt_ra", "call crypt_rn, which keeps no state of its own")
	ban("system popen", "start programs without a shell")
	ban("FCGX_FPrintF", "build the reply in a struct buf and write it once")

	# The place of the format among the arguments.
	format_at["printf"] = 1
	format_at["fprintf"] = format_at["dprintf"] = 2
	format_at["asprintf"] = format_at["syslog"] = 2
	format_at["snprintf"] = 3
	format_at["err"] = format_at["errx"] = 2
	format_at["warn"] = format_at["warnx"] = 1
}

function ban(names, mend,    i, n, name) {
	n = split(names, name, " ")
	for (i = 1; i <= n; i++)
		mend_for[name[i]] = mend
}

# What follows the third tab, with its own tabs kept.
function rest_of(record,    i) {
	for (i = 0; i < 3; i++)
		record = substr(record, index(record, "\t") + 1)
	return record
}

# The k-th argument of the call whose "(" is behind column at of line i.
function argument(k, i, at,    s, c, depth, n, j, arg) {
	n = 1
	depth = 0
	arg = ""
	s = substr(code[i], at)
	for (;;) {
		for (j = 1; j <= length(s); j++) {
			c = substr(s, j, 1)
			if (c == "(")
				depth++
			if (c == ")" && --depth < 0)
				return n == k ? arg : ""
			if (c == "," && depth == 0) {
				if (n++ == k)
					return arg
				arg = ""
			} else {
				arg = arg c
			}
		}
		if (++i > last)
			return ""
		s = i in code ? code[i] : ""
	}
}

function check_calls(i,    s, at, name, before, arg) {
	s = code[i]
	at = 1
	while (match(s, /[A-Za-z_][A-Za-z0-9_]*[ \t]*\(/)) {
		name = substr(s, RSTART, RLENGTH - 1)
		sub(/[ \t]+$/, "", name)
		before = substr(s, 1, RSTART - 1)
		at += RSTART + RLENGTH - 1
		s = substr(s, RSTART + RLENGTH)
		if (before ~ /([.]|->)$/)
			continue
		if (name in mend_for)
			report(file, i, name "() is banned", mend_for[name])
		if (!(name in format_at) || code[i] ~ /^#/)
			continue
		arg = argument(format_at[name], i, at)
		gsub(/[ \t]/, "", arg)
		if (arg != "" && arg !~ /^(""|PRI[a-zA-Z0-9]+)/)
			report(file, i, name "() with a format that is no literal", \
			    "write the format in the call")
	}
}

function check_file(    i) {
	for (i = 1; i <= last; i++) {
		if (!(i in code))
			continue
		check_calls(i)
		if (code[i] ~ /(^|[^A-Za-z0-9_])typedef[ \t]+(struct|union)([^A-Za-z0-9_]|$)/ && \
		    code[i] !~ /\(/)
			report(file, i, "typedef of a struct", \
			    "use the struct tag, as in struct buf")
		if (code[i] ~ /^[ \t]*#[ \t]*if[ \t]+[01]([^0-9]|$)/)
			report(file, i, "code switched off by the preprocessor", \
			    "delete it; git remembers")
	}
}

# Prose may end in a semicolon, so the line must also read as a statement.
function is_code(s) {
	if (s ~ /^[{}];?$/ || s ~ /\)[ ]*\{$/ || s ~ /^\}?[ ]*else[ ]*\{?$/)
		return 1
	if (s ~ /^#[ ]*(include|define|ifdef|ifndef|endif)/)
		return 1
	if (s !~ /;$/)
		return 0
	return s ~ /^(return|goto)[ (]?[^ ]*;$/ || s ~ /^(break|continue);$/ || \
	    s ~ /[A-Za-z0-9_\])][ ]*([-+*|&]?=|\+\+|--)[^;]*;$/ || \
	    s ~ /^[A-Za-z_][A-Za-z0-9_>.-]*\(.*\);$/ || \
	    s ~ /^(static|const|struct|enum|int|char|bool|size_t|u?int[0-9]+_t)[ ][A-Za-z0-9_ *]*;$/
}

function start_file(name,    i) {
	if (file != "")
		check_file()
	split("", code)
	last = 0
	file = name
	file_n++
}

$1 == "src/base/banned.h" {
	next
}

$1 != file {
	start_file($1)
}

$3 == "code" {
	code[$2] = rest_of($0)
	last = $2
}

$3 == "note" && is_code(rest_of($0)) {
	report($1, $2, "commented-out code", "delete it; git remembers")
}

END {
	if (file != "")
		check_file()
	report_end("banned", file_n + 0 " files")
}
