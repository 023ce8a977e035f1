/// P001–P019: the text is no YAML, or YAML of a kind that profiles do without.
extension DiagnosticCode {
    package static let syntaxError = DiagnosticCode(
        "P001",
        "YAML syntax error",
        example: "name: 'it's'",
        help: "look at the place shown; often a colon, a quote or some indentation is missing"
    )
    package static let notUTF8 = DiagnosticCode(
        "P002",
        "not UTF-8",
        example: "name: Café, saved as Latin-1",
        help: "save the file as UTF-8"
    )
    package static let tooLarge = DiagnosticCode(
        "P003",
        "file too large",
        example: "a file of 2 MiB",
        help: "keep a profile within 1 MiB"
    )
    package static let tooDeep = DiagnosticCode(
        "P004",
        "nesting too deep",
        example: "steering: [[[[…]]]]",
        help: "a profile needs three levels; 64 are allowed"
    )
    package static let tooManyNodes = DiagnosticCode(
        "P005",
        "too many values",
        example: "a list of 30 000 numbers",
        help: "a profile may hold 20 000 keys and values"
    )
    package static let emptyFile = DiagnosticCode(
        "P006",
        "empty file",
        example: "# nothing but a comment",
        help: "start with 'version: 1' and 'name: …', or make the file with 'millm new'"
    )
    package static let severalDocuments = DiagnosticCode(
        "P007",
        "several documents",
        example: "---",
        help: "put each profile into a file of its own"
    )
    package static let anchor = DiagnosticCode(
        "P008",
        "anchor",
        example: "name: &n Night",
        help: "remove the anchor; if the text itself starts with '&', quote it"
    )
    package static let alias = DiagnosticCode(
        "P009",
        "alias",
        example: "sae: *n",
        help: "write the value out; if the text itself starts with '*', quote it"
    )
    package static let tag = DiagnosticCode(
        "P010",
        "tag",
        example: "layer: !!int 15",
        help: "remove the tag; if the text itself starts with '!', quote it"
    )
    package static let mergeKey = DiagnosticCode(
        "P011",
        "merge key",
        example: "<<: {layer: 15}",
        help: "write the keys out"
    )
    package static let duplicateKey = DiagnosticCode(
        "P012",
        "duplicate key",
        example: "layer: 15 … layer: 12",
        help: "remove one of them"
    )
    package static let controlCharacter = DiagnosticCode(
        "P013",
        "control character",
        example: "a NUL character",
        help: "remove it"
    )
    package static let directive = DiagnosticCode(
        "P014",
        "directive",
        example: "%TAG ! tag:example.com,2000:",
        help: "remove the line; only '%YAML 1.1' and '%YAML 1.2' are understood"
    )
    package static let complexKey = DiagnosticCode(
        "P015",
        "key is no plain text",
        example: "[316]: 45.0",
        help: "use a word or a number as the key"
    )
    package static let outOfMemory = DiagnosticCode(
        "P016",
        "out of memory",
        example: "malloc gives nothing",
        help: "try again with more memory"
    )
    package static let tooManyMarks = DiagnosticCode(
        "P017",
        "too many combining marks",
        example: "65 accents on one letter",
        help: "remove the marks; no language has so many on one letter"
    )

    static let ofSyntax = [
        syntaxError, notUTF8, tooLarge, tooDeep, tooManyNodes, emptyFile, severalDocuments, anchor, alias, tag,
        mergeKey, duplicateKey, controlCharacter, directive, complexKey, outOfMemory, tooManyMarks,
    ]
}
