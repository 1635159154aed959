# alike.awk -v type=TYPE FILE…: prints the entries of a registry as one unit. They are alike inside, down to the names: what is a file's
# own goes into a namespace called after the file, which the entry opens. No line moves, and the compiler names the file itself.
function refuse(why) {
    print file ": " why " (tools/cmake/alike.awk)" >"/dev/stderr"
    failed = 1
}

function end_of_file() {
    if (opened != 1 || closed != 1) refuse("an entry has its names in one \"namespace {\"")
    if (entries != 1) refuse("the entry begins with \"" type " " stem "() {\"")
}

FNR == 1 {
    if (file) end_of_file()
    file = FILENAME
    stem = file
    sub(/.*\//, "", stem)
    sub(/\.cpp$/, "", stem)
    opened = closed = entries = 0
    print "#line 1 \"" file "\""
}
$0 == "namespace {" { ++opened; $0 = "namespace " stem "_own { namespace {" }
$0 == "}  // namespace" { ++closed; $0 = "}}" }
index($0, type " " stem "() {") == 1 { ++entries; sub(/\{/, "{ using namespace " stem "_own;") }
{ print }
END {
    end_of_file()
    exit failed
}
