# Measure functions and their nesting.  Reads the lines of ctags first (name,
# first line, last line, signature, file), after an empty line the records of
# c-lines.awk.

BEGIN {
	FS = "\t"
	function_cap = 70
	parameter_cap = 5
	# Of the C library's shape, which is not ours to choose.
	given_shape["mmap"] = 1
	nesting_cap = 3
}

function parameters(signature,    i, c, depth, n) {
	sub(/^\(/, "", signature)
	sub(/\)$/, "", signature)
	if (signature == "" || signature == "void")
		return 0
	n = 1
	for (i = 1; i <= length(signature); i++) {
		c = substr(signature, i, 1)
		if (c == "(")
			depth++
		else if (c == ")")
			depth--
		else if (c == "," && depth == 0)
			n++
	}
	return n
}

# Tabs count depth: a function's own statements stand behind one.
function nesting(s) {
	match(s, /^\t*/)
	return RLENGTH - 1
}

function median_at(share,    i, seen, want) {
	want = share * function_n
	for (i = 1; i <= longest; i++) {
		seen += of_length[i]
		if (seen >= want)
			return i
	}
	return 0
}

# Inside "= {" ... "};" tabs show the depth of data, not of statements.
function track_initializer(s) {
	if (initializer == 0 && s !~ /(=|\(|,|return)[ ]*(\([^()]*\))?\{[^}]*$/)
		return
	initializer += gsub(/\{/, "{", s) - gsub(/\}/, "}", s)
	if (initializer < 0)
		initializer = 0
}

# A space behind the tabs marks a continued line, # the preprocessor.
function check_nesting(s) {
	if (initializer > 0 || s !~ /^\t+[^ \t#]/ || nesting(s) <= nesting_cap)
		return
	if (name in is_deep)
		return
	is_deep[name] = 1
	report($1, $2, name "() nests " nesting(s) " levels deep", "at most " \
	    nesting_cap "; return early or name the inner part as a function")
}

$0 == "" {
	measuring = 1
	next
}

!measuring {
	length_of = $3 - $2 + 1
	function_n++
	of_length[length_of]++
	if (length_of > longest)
		longest = length_of
	opens[$5, $2] = $1
	closes[$5, $3] = 1
	if (length_of > function_cap)
		report($5, $2, $1 "() has " length_of " lines", \
		    "at most " function_cap "; split it where a part has a name")
	if (parameters($4) > parameter_cap && !($1 in given_shape))
		report($5, $2, $1 "() has " parameters($4) " parameters", \
		    "at most " parameter_cap "; pass a struct")
	next
}

$1 != file {
	file = $1
	name = ""
	split("", is_deep)
}

$3 == "code" {
	if (($1, $2) in opens) {
		name = opens[$1, $2]
		initializer = 0
	}
	if (name == "")
		next
	s = $0
	for (i = 0; i < 3; i++)
		s = substr(s, index(s, "\t") + 1)
	check_nesting(s)
	track_initializer(s)
	if (($1, $2) in closes)
		name = ""
}

END {
	report_end("sizes", file_n " files, " function_n + 0 \
	    " functions, length median " median_at(0.5) ", 90th percentile " \
	    median_at(0.9) ", longest " longest + 0)
}
