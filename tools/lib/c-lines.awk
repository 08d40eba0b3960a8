# Take C sources apart, so that each check reads only what concerns it.
# For each line of each file writes records of four fields, tab-separated:
#   file  line  kind  rest
# kind: code     the line without comments, each literal emptied to ""
#       text     the contents of one string literal
#       note     the text of a comment on this line, its frame taken off
#       include  the operand of #include, with its < > or " "
# Needs nothing beyond POSIX awk.

function emit(kind, rest) {
	print FILENAME "\t" FNR "\t" kind "\t" rest
}

function emit_note(s) {
	gsub(/^[ \t]*\**[ \t]*|[ \t]+$/, "", s)
	if (s != "")
		emit("note", s)
}

# The index just behind the quoted literal that starts at i, or 0.
function literal_end(s, i, q,    n, c) {
	n = length(s)
	for (i++; i <= n; i++) {
		c = substr(s, i, 1)
		if (c == "\\")
			i++
		else if (c == q)
			return i + 1
	}
	return 0
}

FNR == 1 {
	in_comment = 0
}

{
	rest = $0
	code = ""
	is_include = 0
	if (!in_comment && match(rest, /^[ \t]*#[ \t]*include[ \t]*[<"]/)) {
		operand = substr(rest, RLENGTH)
		if (match(operand, /^<[^>]*>/) || match(operand, /^"[^"]*"/))
			emit("include", substr(operand, 1, RLENGTH))
		is_include = 1
	}
	while (rest != "") {
		if (in_comment) {
			end = index(rest, "*/")
			if (end == 0) {
				emit_note(rest)
				break
			}
			emit_note(substr(rest, 1, end - 1))
			rest = substr(rest, end + 2)
			in_comment = 0
			continue
		}
		if (!match(rest, /["']|\/\*|\/\//)) {
			code = code rest
			break
		}
		at = RSTART
		mark = substr(rest, at, 1)
		code = code substr(rest, 1, at - 1)
		if (mark != "/") {
			end = literal_end(rest, at, mark)
			if (end == 0)
				end = length(rest) + 2
			if (mark == "\"" && !is_include)
				emit("text", substr(rest, at + 1, end - at - 2))
			code = code mark mark
			rest = substr(rest, end)
		} else if (substr(rest, at, 2) == "//") {
			emit_note(substr(rest, at + 2))
			break
		} else {
			in_comment = 1
			rest = substr(rest, at + 2)
		}
	}
	if (code ~ /[^ \t]/)
		emit("code", code)
}
