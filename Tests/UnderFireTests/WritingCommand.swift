import Testing

/// A command of `millm` that writes, on a directory that gives it something to do.
struct WritingCommand: Sendable, CustomTestStringConvertible {
    /// Behind `millm --profiles DIR`.
    var arguments: [String]
    /// Run in the directory beforehand; `$MILLM` is the command line.
    var preparation = ""

    var testDescription: String { arguments.joined(separator: " ") }

    static let all: [WritingCommand] = [
        WritingCommand(arguments: ["activate", "day"]),
        WritingCommand(arguments: ["deactivate"]),
        WritingCommand(arguments: ["set", "night", "3=4.5", "7=1"]),
        WritingCommand(arguments: ["unset", "night", "3"]),
        WritingCommand(arguments: ["delete", "day"]),
        WritingCommand(arguments: ["import", "../outside/envelope.json"]),
        WritingCommand(arguments: ["import", "--replace", "../outside/replacement.json"]),
    ]

    /// The directory that every command begins with.
    static let directory = """
        printf '# by hand\\nversion: 1\\nname: Night\\nsteering:\\n  3: 2.5  # owl\\n  5: 1\\n' > night.yaml
        printf 'version: 1\\nname: Day\\nsteering:\\n  4: 1\\n' > day.yaml; chmod 640 night.yaml
        ln -s night.yaml active
        envelope() { printf '{"version":"1.0","type":"millm_profile","profile":{"name":"%s","description":null,' "$1"
            printf '"model":null,"sae":null,"layer":null,"steering":{"3":%s}},"exported_at":"2026-01-30T12:00:00Z",' $2
            printf '"exported_from":"miLLM"}\\n'; }
        envelope Dropped 2 > ../outside/envelope.json; envelope Day 9 > ../outside/replacement.json
        """
}
