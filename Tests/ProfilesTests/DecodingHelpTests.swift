import Profiles
import Testing
import YAML

@Suite struct DecodingHelpTests {
    private func first(_ text: String) throws -> Diagnostic {
        try #require(ProfileDecoder.decode(Array(text.utf8), file: "p.yaml").diagnostics.first)
    }

    @Test(arguments: [
        ("laier: 1", "did you mean 'layer'?"), ("Layer: 1", "did you mean 'layer'?"),
        ("desciption: x", "did you mean 'description'?"), ("model_id: x", "did you mean 'model'?"),
        ("features: {}", "did you mean 'steering'?"), ("stering: {}", "did you mean 'steering'?"),
        ("temperature: 1", "remove it; a comment starts with '#'"),
    ])
    func `an unknown key is answered with what was probably meant`(line: String, help: String) throws {
        let diagnostic = try first("version: 1\n\(line)\nname: x\nsteering: {}\n")
        #expect(diagnostic.code == .unknownKey)
        #expect(diagnostic.help == help)
    }

    @Test(arguments: [
        ("1,5", "write the decimal point as '.'"),
        ("yes", "give a number from -10000 to 10000"),
        ("15,", "remove the ','"),
        ("\u{2212}4", "write the minus as '-'"),
        ("\u{201C}4\u{201D}", "remove the quotes"),
        ("4 biblical", "keep the number alone; a note goes behind '#'"),
        ("1.000,5", "write 1000.5"),
        ("1,000.5", "write 1000.5"),
        ("1.000.000", "write 1000000"),
        ("0,5", "write the decimal point as '.'"),
        ("\u{2212}0,5", "write -0.5"),
        ("1_000", "write 1000"),
        ("\u{FF15}", "write 5, with the digits 0 to 9"),
        ("\u{FF0D}\u{FF15}\u{FF0C}\u{FF15}", "write -5.5"),
        ("5%", "write 5; a strength is no percentage"),
        ("7,5 %", "write 7.5; a strength is no percentage"),
        ("1/2", "write 0.5"),
        ("-2/3", "write -0.6667"),
        ("1/0", "give a number from -10000 to 10000"),
        ("\u{D7}2", "write 2"),
        ("45;", "write 45"),
        ("= 45", "write 45"),
        ("0x1F", "write 31.0"),
        ("-0x-8000000000000000", "keep the number alone; a note goes behind '#'"),
        ("inf", "a strength is finite: give a number from -10000 to 10000"),
        ("-.inf", "a strength is finite: give a number from -10000 to 10000"),
        ("NaN", "a strength is finite: give a number from -10000 to 10000"),
        ("45dB", "keep the number alone; a note goes behind '#'"),
        ("1e", "give a number from -10000 to 10000"),
        ("${STRENGTH}", "put the number in its place; a profile has no placeholders"),
        ("1_0", "give a number from -10000 to 10000"),
    ])
    func `what is no number is answered with how to write it`(text: String, help: String) throws {
        let diagnostic = try first("version: 1\nname: x\nsteering:\n  5: \(text)\n")
        #expect(diagnostic.message == "'\(text)' is no number")
        #expect(diagnostic.help == help)
    }

    @Test(arguments: [
        (#"5: "1.5""#, "the strength '1.5' is text; it must be a number", "remove the quotes"),
        ("5:", "feature 5 has no strength", "give a number from -10000 to 10000"),
        ("5: 1e999", "the strength 1e999 is out of range", "give a number from -10000 to 10000"),
        ("5: '1,5'", "'1,5' is no number", "write the decimal point as '.', and remove the quotes"),
        ("5: 45\u{200B}", "'45\\u{200b}' is no number", "remove the invisible characters"),
        (
            "15:\n    316: 4", "a strength must be a number",
            "remove the line above; features stand right below 'steering:'"
        ),
        ("5: {strength: 4}", "a strength must be a number", "write the number behind the feature: '316: 45.0'"),
        (#"5: "\e[31m""#, #"'\u{1b}[31m' is no number"#, "give a number from -10000 to 10000"),
    ])
    func `a bad strength is explained`(line: String, message: String, help: String) throws {
        let diagnostic = try first("version: 1\nname: x\nsteering:\n  \(line)\n")
        #expect(diagnostic.message == message)
        #expect(diagnostic.help == help)
    }

    @Test(arguments: [
        ("biblical", "give the feature's number as a decimal integer, counted from 0"),
        ("5 biblical", "keep the number alone; a label goes behind '#', at the line's end"),
        ("\u{201C}5\u{201D}", "remove the quotes"),
        ("1,000", "write 1000"),
        ("1.000", "write 1000, or 1 if the '.' is a decimal point"),
        ("1.000.000", "write 1000000"),
        ("1_000", "write 1000"),
        ("1 000", "write 1000"),
        ("+5", "write 5"),
        ("005", "write 5"),
        ("5.0", "write 5"),
        ("3e2", "write 300"),
        ("0x1F", "write 31"),
        ("5,", "remove the ','"),
        ("\u{FF15}", "write 5, with the digits 0 to 9"),
        ("5.5", "write a whole number up to 999999999"),
        ("\u{2212}5", "give the feature's number as a decimal integer, counted from 0"),
        ("pirate/316", "write 316"),
        ("15-res/316", "write 316"),
        ("f316", "write 316"),
        ("L15.316", "give the feature's number as a decimal integer, counted from 0"),
        ("5, 6", "write one feature a line: '316: 45.0'"),
        ("5-8", "write one feature a line: '316: 45.0'"),
        ("5:", "remove the second ':'"),
    ])
    func `a key that is no index is answered with how to write it, once`(key: String, help: String) {
        #expect(
            findings("version: 1\nname: x\nsteering:\n  4: 1\n  \(key): 4\n") == [
                "5 P028 '\(key)' is no feature index: \(help)"
            ]
        )
    }

    @Test(arguments: [
        ("layer: 3", "'layer' is no feature; it is indented too far", "indent it as far as 'steering:'"),
        ("description: x", "'description' is no feature; it is indented too far", "indent it as far as 'steering:'"),
        (
            "features:\n    5: 1", "'features' is no feature index",
            "remove this line; features stand right below 'steering:'"
        ),
        ("5=4:", "'5=4' is no feature index", "write ':' in place of '=': '316: 45.0'"),
        ("? 5:4", "'5:4' is no feature index", "put a space behind the colon: '316: 45.0'"),
        ("? 5 4", "'5 4' is no feature index", "write ':' behind the feature: '316: 45.0'"),
    ])
    func `a key that is no index is explained, once`(line: String, message: String, help: String) {
        #expect(
            findings("version: 1\nname: x\nsteering:\n  4: 1\n  \(line)\n") == ["5 P028 \(message): \(help)"]
        )
    }

    @Test(arguments: [
        ("steering:\n- 316: 4\n", "write one feature a line, without '-': '316: 45.0'"),
        ("steering:\n  316 = 4\n", "write ':' and a space in place of '=': '316: 45.0'"),
        ("steering: '316: 4'\n", "remove the quotes"),
        ("steering: null\n", "write 'steering: {}' for a profile that steers nothing"),
        ("steering:\n", "write 'steering: {}' for a profile that steers nothing"),
        ("steering:\n  316 -> 4\n", "write ':' and a space in place of '->': '316: 45.0'"),
        ("steering:\n  316：4\n", "write ':' and a space in place of '：': '316: 45.0'"),
        ("steering:\n  316:\u{A0}4\n", "write common spaces in place of U+00A0 (no-break space)"),
        ("steering:\n  #316: 4\n", "write 'steering: {}' for a profile that steers nothing; '#' begins a comment"),
        ("steering:\n  316:4\n", "put a space behind the colon: '316: 45.0'"),
    ])
    func `a steering that is no mapping is explained`(text: String, help: String) throws {
        let diagnostic = try first("version: 1\nname: x\n\(text)")
        #expect(diagnostic.code == .invalidSteering)
        #expect(diagnostic.help == help)
    }

    @Test(arguments: [
        ("version:1\nname:x\n", "put a space behind each colon: 'version: 1'"),
        ("version = 1\nname = x\n", "write ':' and a space in place of '='"),
        ("- version: 1\n- name: x\n", "write 'key: value' lines, without '-' and brackets"),
        ("a profile\n", "write 'key: value' lines"),
        ("version：1\nname：x\n", "write ':' and a space in place of '：'"),
        (
            "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n",
            "this is a pointer of Git LFS; fetch the file itself with 'git lfs pull'"
        ),
        (
            "<?xml version=\"1.0\"?>\n<profile/>\n",
            "this is HTML or XML, perhaps the page of a download that failed; give the file of a profile"
        ),
        ("404 page not found\n", "give the file of a profile; this may be what a failed download has left"),
        ("Forbidden", "give the file of a profile; this may be what a failed download has left"),
    ])
    func `a file that is no mapping is explained`(text: String, help: String) throws {
        let diagnostic = try first(text)
        #expect(diagnostic.code == .notAMapping)
        #expect(diagnostic.help == help)
    }

    @Test(arguments: ["version:\n", "version: # one\n", "version: ~\n", "{version, name: x, steering: {}}"])
    func `a version without a value is answered with what to write`(start: String) {
        let text = start.hasPrefix("{") ? start : start + "name: x\nsteering: {}\n"
        #expect(findings(text) == ["1 P024 the version is missing: write 'version: 1'"])
    }

    private func findings(_ text: String) -> [String] {
        ProfileDecoder.decode(Array(text.utf8), file: "p.yaml").diagnostics.map { finding in
            "\(finding.location.range?.start.line ?? 0) \(finding.code.code) \(finding.message): \(finding.help ?? "")"
        }
    }

    @Test(arguments: ["vers", "Version", "verison", "ver", "v", "schema_version"])
    func `a misspelled version is the only finding, and the rest is read as version 1`(key: String) {
        let found = findings("\(key): 1\nname: x\nmodel: m\nsae: s\nlayer: 3\nsteering: {}\n")
        #expect(found == ["1 P022 unknown key '\(key)': did you mean 'version'?"])
    }

    @Test func `a missing version is told of where only version 1 has the other keys`() {
        let help = "write 'version: 1' on a line of its own, above the others"
        for keys in ["model: m\nsae: s", "sae: s", "model: m"] {
            #expect(findings("name: x\n\(keys)\nsteering: {}\n") == ["1 P023 the key 'version' is missing: \(help)"])
        }
        #expect(findings("name: x\nmodel_id: m\nsteering: {}\n") == [])
        #expect(
            findings("name: x\nmodel_id: m\nsae: s\nsteering: {}\n").map { $0.suffix(16) } == [
                "you mean 'sae_id'?".suffix(16)
            ]
        )
    }

    @Test func `advice for JSON can be followed in JSON`() {
        let versionless = #"{"name": "x", "model": "m", "steering": {}}"#
        let help = #"write '"version": 1,' behind the '{'"#
        #expect(findings(versionless) == ["1 P023 the key 'version' is missing: \(help)"])
        #expect(findings(#"{"version": 1,"# + versionless.dropFirst()) == [])
        let unknown = #"{"version": 1, "temperature": 1, "name": "x", "steering": {}}"#
        #expect(findings(unknown) == ["1 P022 unknown key 'temperature': remove it"])
    }

    @Test func `keys that miLLM adds to its rows stay warnings where they are ignored`() {
        let text = "{\"name\": \"x\", \"model\": \"m\", \"v\": 3, \"steering\": {}}"
        let decoded = ProfileDecoder.decode(Array(text.utf8), file: "p.json", ignoringUnknownKeys: true)
        #expect(decoded.profile?.name == "x")
        #expect(decoded.diagnostics.map(\.severity) == [.warning, .warning])
    }

    @Test func `features that are not indented are sent below 'steering'`() {
        #expect(
            findings("version: 1\nname: x\nsteering:\n316: 45\n88: -2\n") == [
                "3 P034 'steering' must be a mapping of feature indices to strengths: indent the features under 'steering:'",
                "4 P022 unknown key '316': indent this under 'steering:'",
                "5 P022 unknown key '88': indent this under 'steering:'",
            ]
        )
        #expect(
            findings("version: 1\nname: x\n316: 45\n") == [
                "1 P023 the key 'steering' is missing: write 'steering:' above the features, and indent them",
                "3 P022 unknown key '316': indent this under 'steering:'",
            ]
        )
    }

    @Test(arguments: [
        (ProfileJSONSchema.text, "this is a JSON Schema, not a profile"),
        (
            #"{"name": "x", "version": "1.0.0", "scripts": {}, "dependencies": {}, "license": "MIT", "type": "module"}"#,
            "this is no profile: it has no 'steering', but keys such as 'scripts', 'dependencies', 'license'"
        ),
        (
            "services:\n  web: {}\nvolumes: {}\nnetworks: {}\n",
            "this is no profile: it has no 'steering', but keys such as 'services', 'volumes', 'networks'"
        ),
    ])
    func `a file that is something else gets one finding`(text: String, message: String) {
        #expect(findings(text) == ["1 P036 \(message): give the file of a profile; 'millm new' writes one"])
    }

    @Test(arguments: [
        ("404: Not Found", "a server's error"), ("503: Service Unavailable\n", "a server's error"),
        (#"{"detail": "Not Found"}"#, "a server's error"),
        (#"{"timestamp": 1, "status": 404, "error": "Not Found", "path": "/p"}"#, "a server's error"),
        ("<html><title>Error: 404</title></html>", "HTML or XML"),
    ])
    func `what a failed download leaves gets one finding that says so`(text: String, name: String) {
        let help = "give the file of a profile; this may be what a failed download has left"
        #expect(findings(text) == ["1 P036 this is \(name), not a profile: \(help)"])
    }

    @Test(arguments: [
        (
            #"{"modelId": "gemma-2-2b", "layer": "15-res-16k", "index": "316", "strength": 45}"#,
            "this is a feature of Neuronpedia's, not a profile"
        ),
        (
            #"{"prompt": "Hi", "modelId": "gemma-2-2b", "features": [{"layer": "15-res", "index": 316}]}"#,
            "this is a request of Neuronpedia's, not a profile"
        ),
        (
            #"{"success": true, "data": {"name": "x", "steering": {}}, "error": null}"#,
            "this is an answer of the HTTP API, not a profile"
        ),
    ])
    func `what people take for a profile is called by its name`(text: String, message: String) {
        #expect(findings(text).map { $0.hasPrefix("1 P036 \(message): ") } == [true])
    }

    @Test func `a profile below a key that nobody knows is to stand without it`() {
        #expect(
            findings("night:\n  version: 1\n  name: x\n  steering: {}\n") == [
                "1 P022 unknown key 'night': remove this line, and the indentation of what is below it"
            ]
        )
    }

    @Test func `a letter that only looks right is told`() {
        #expect(
            findings("version: 1\nn\u{430}me: x\nsteering: {}\n") == [
                "2 P022 unknown key 'n\u{430}me': did you mean 'name'? '\u{430}' is another letter here, U+0430"
            ]
        )
    }

    @Test(arguments: ["name: {{ .Values.name }}", "{{- if .Values.enabled }}", "description: {% now %}"])
    func `a template is told from a mapping`(line: String) {
        #expect(findings("\(line)\n").contains { $0.contains("this is a placeholder of a template: write what") })
    }

    @Test func `a profile in the making is not taken for something else`() {
        for text in [
            "version: 1\nfoo: 1\nbar: 2\n", "name: x\na: 1\nb: 2\nc: 3\nsteering: {}\n", "a: 1\nb: 2\nc: 3\n5: 1\n",
            "404: 45\n", "404: loud\n", "name: x\ndetail: y\n",
        ] {
            #expect(!findings(text).contains { $0.contains("P036") })
        }
    }

    @Test func `a repeated key points at both places`() throws {
        let diagnostic = try first("version: 1\nname: x\nlayer: 15\nsteering: {}\nlayer: 12\n")
        #expect(diagnostic.message == "duplicate key 'layer'")
        #expect(diagnostic.location.description == "p.yaml:5:1")
        #expect(diagnostic.related.map(\.location.description) == ["p.yaml:3:1"])
    }

    @Test func `of findings beyond a hundred the number is told`() {
        let keys = (0..<500).map { "key\($0): 1\n" }.joined()
        let found = findings("version: 1\nname: x\nsteering: {}\n" + keys)
        #expect(found.count == 100)
        #expect(
            found.last == "102 P037 401 more findings are not shown: mend those that are shown, and look again"
        )
        let hundred = (0..<100).map { "key\($0): 1\n" }.joined()
        #expect(findings("version: 1\nname: x\nsteering: {}\n" + hundred).last?.contains("unknown key 'key99'") == true)
    }

    @Test func `what ends the reading is told with how many findings there are before it`() {
        let found = findings((0..<150).map { "a\($0): &x 1\n" }.joined() + "b: [")
        #expect(found.count == 100)
        #expect(found[98].hasPrefix("151 P001 this '[' is not closed"))
        #expect(found[99].hasPrefix("151 P037 52 more findings are not shown"))
    }

    @Test func `an error behind many ignored keys is found all the same`() {
        let keys = (0..<500).map { "key\($0): 1\n" }.joined()
        let text = "version: \"1.0\"\nname: x\n\(keys)steering:\n  5: yes\n"
        let decoded = ProfileDecoder.decode(Array(text.utf8), file: "p.yaml", ignoringUnknownKeys: true)
        #expect(decoded.profile == nil)
        #expect(decoded.diagnostics.count == 100)
        #expect(decoded.diagnostics.suffix(2).map(\.code) == [.invalidStrength, .findingsLeftOut])
        #expect(decoded.diagnostics.suffix(2).map(\.severity) == [.error, .note])
    }

    @Test func `every code is listed once, ascending, with a title and help`() {
        let codes = DiagnosticCode.all.map(\.code)
        #expect(codes == codes.sorted())
        #expect(Set(codes).count == codes.count)
        #expect(DiagnosticCode.all.allSatisfy { !$0.title.isEmpty && !$0.help.isEmpty && !$0.help.hasSuffix(".") })
        #expect(DiagnosticCode(code: "P012") == .duplicateKey)
        #expect(DiagnosticCode(code: "P999") == nil)
    }
}
