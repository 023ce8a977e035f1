import Testing

/// A command of `millm` that writes, on a directory that gives it something to do.
struct WritingCommand: Sendable, CustomTestStringConvertible {
    /// Behind `millm --profiles DIR`.
    var arguments: [String]
    /// Run in the directory beforehand, behind what a daemon does; `$MILLM` is the command line.
    var preparation = ""
    /// Whether a daemon has to have applied two versions of the active profile.
    var needsHistory = false

    var testDescription: String { arguments.joined(separator: " ") }

    /// Those of this run, where all would take minutes.
    static var some: [WritingCommand] {
        Scale.isFull
            ? all
            : [activeFile]
                + ["activate", "set", "import", "rename"].compactMap { kind in all.last { $0.arguments[0] == kind } }
    }

    /// Those whose system calls are made to fail in this run: of each kind of writing one.
    static var faulted: [WritingCommand] {
        let kinds = ["activate", "set", "import", "rename", "migrate", "delete"]
        // The last of a kind takes the most steps; of several files, 'migrate' leaves those alone that cannot be read.
        let hardest = kinds.prefix(Scale.isFull ? kinds.count : 2).compactMap { kind in
            all.last { $0.arguments[0] == kind && $0.arguments != ["migrate"] }
        }
        return hardest + (Scale.isFull ? all.filter { $0.arguments == ["rename", "night", "owl"] } : [])
    }

    /// Those that are killed before each of their system calls, whatever it does.
    static let everywhere = [["activate", "day"], ["set", "night", "3=4.5", "7=1"]]

    /// `active` is a file that holds the id.
    private static let activeFile = WritingCommand(
        arguments: ["rename", "night", "owl"],
        preparation: "rm active; echo night > active"
    )

    static let all: [WritingCommand] = [
        activeFile,
        WritingCommand(arguments: ["activate", "day"]),
        WritingCommand(arguments: ["deactivate"]),
        WritingCommand(arguments: ["set", "night", "3=4.5", "7=1"]),
        WritingCommand(arguments: ["unset", "night", "3"]),
        WritingCommand(arguments: ["delete", "day"]),
        WritingCommand(arguments: ["import", "../outside/envelope.json"]),
        WritingCommand(arguments: ["import", "--replace", "../outside/replacement.json"]),
        // Several files at once: all of them or none.
        WritingCommand(
            arguments: ["import", "--replace", "../outside/envelope.json", "../outside/replacement.json"]
        ),
        // An import that becomes YAML when it is edited: one file comes, another goes, and the link moves along.
        WritingCommand(
            arguments: ["set", "dropped", "3=4.5"],
            preparation: "cp ../outside/envelope.json dropped.json; ln -sfn dropped.json active"
        ),
        WritingCommand(arguments: ["new", "fresh", "--name", "Fresh", "--set", "3=1"]),
        WritingCommand(
            arguments: ["migrate", "old"],
            preparation: "printf 'id: 7\\nname: Old\\nmodel_id: m\\nsteering:\\n  3: 1  # kept\\n' > old.yaml"
        ),
        // Several files again.
        WritingCommand(
            arguments: ["migrate"],
            preparation: """
                for n in 1 2 3; do
                    printf 'id: 7\\nname: Old %d\\nmodel_id: m\\nsteering:\\n  3: 1  # kept\\n' $n > old-$n.yaml
                done
                """
        ),
        WritingCommand(arguments: ["rename", "day", "noon"]),
        WritingCommand(arguments: ["rename", "night", "owl"]),
        // The active one, whose link moves along.
        WritingCommand(arguments: ["rename", "night", "owl", "--name", "Owl"]),
        WritingCommand(arguments: ["copy", "night", "owl"]),
        WritingCommand(
            arguments: ["repair", "--yes"],
            preparation: "rm active; sed 's/2.5/3.5/; s/Night/Clobbered/' night.yaml > active"
        ),
        // A link that leads nowhere; the profile that was applied last comes back with it.
        WritingCommand(
            arguments: ["repair", "--yes"],
            preparation: "rm night.yaml; ln -sfn x active",
            needsHistory: true
        ),
        WritingCommand(arguments: ["rollback"], needsHistory: true),
        // Of a profile that is not the active one any more.
        WritingCommand(arguments: ["rollback"], preparation: "ln -sfn day.yaml active", needsHistory: true),
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
